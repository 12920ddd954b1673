"""A season played through: sellers who behave differently, from the first rehearsal to renewal.

It begins in an empty database of its own, moves the market's clock over the season and tells what
happens day by day. Everything goes by the verbs that people use; money moves at the sandbox bank.
"""
