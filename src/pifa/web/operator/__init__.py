"""The operators' console: queues of work, companies, disputes, the market clock, the ledger.

It stands on Django's admin with the Unfold theme. Lists are read-only windows on tables; what
changes something goes through a command, so that it is checked, audited and announced.
"""
