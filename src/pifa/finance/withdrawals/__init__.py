"""Withdrawals (提现): a company's own money goes from its balance to its own account at a bank.

What a day may and costs says the rulebook `withdrawal`; larger days are a benefit. Above an amount
a second person of the company agrees. The bank tells what became of the money.
"""
