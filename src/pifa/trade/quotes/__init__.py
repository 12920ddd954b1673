"""Requests for quotes: a buyer asks sellers, they answer, the accepted answer becomes an order.

`rules` and `terms` are pure; `commands` write, `queries` read; `opening` turns an accepted answer
into an order. No seller learns that or whom else was asked.
"""
