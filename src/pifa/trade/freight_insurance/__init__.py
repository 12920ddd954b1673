"""Return-freight insurance as orders use it: whose past counts, when a policy is written and ends.

The insurance itself, its premium and its money are finance's (`finance.insurance.freight`).
"""
