"""Return-freight insurance (运费险): a premium for an order, and a return pays its freight.

Finance knows the policy of a subject, never the order: trade says when one is to be written, when
goods came back, and when the subject is over (`trade.freight_insurance`).
"""
