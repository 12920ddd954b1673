"""The ground floor: money, the market clock, errors, events, audit, deadlines.

It knows no company, no order and no page; every other floor may use it.
"""
