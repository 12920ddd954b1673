"""Dated rules as data: load them, check them, evaluate them, explain them, compare them.

It knows no metric and no company: the caller passes the vocabulary that rules may use and the
figures they are held against. There are no tables; the files are the truth.
"""
