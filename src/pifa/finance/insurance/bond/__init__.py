"""The performance bond (履约保证金险): a yearly premium instead of the frozen deposit.

A seller in buyer protection pays the premium and has its deposit on its balance. Where a refund
would have been taken from the deposit, the insurer pays, and the seller owes it that.
"""
