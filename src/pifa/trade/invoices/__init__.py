"""Invoices (发票): a buyer says what it needs, asks, the seller records what it issued outside the
market; a refund of what was invoiced makes a credit note (红字) fall due.

The market issues nothing: it compares amounts and parties, keeps the papers, and reminds.
"""
