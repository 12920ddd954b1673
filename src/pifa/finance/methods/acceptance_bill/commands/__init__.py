"""The only writers of acceptance bills; each module has one topic.

Locks in one order: the subject's own row, the payable, its bills, then the ledger's accounts.
"""
