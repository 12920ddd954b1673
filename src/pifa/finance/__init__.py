"""Payables and how they are paid: methods, escrow, refunds, the sandbox gateway, deposits.

Finance never knows an order. It knows a payable (payer, payee, schedule of amounts, a
subject in words), says yes or no to a method, and announces settlements.
"""
