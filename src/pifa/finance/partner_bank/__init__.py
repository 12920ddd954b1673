"""The partner bank (网商银行): a company's own account there, its two passwords, money in and out.

What is on the account is the bank's and never in the market's ledger; money reaches the market only
when something is paid with it (`finance/methods/partner_bank`).
"""
