"""A seller's customer files: who they are, what they buy, and whom a keeper should call today.

A file stands over a customer of `relationships` or a company that bought, and reads their orders
from `trade`; it decides neither what may be seen nor what anything costs.
"""
