"""One double-entry ledger under every way of paying: accounts, transfers, postings, holds.

Append-only and idempotent by key. It knows companies as owners of accounts and subjects as
words (`order:18`); what a subject is, it does not know.
"""
