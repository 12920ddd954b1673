"""Staged payment (PAY-STAGED): an order paid by a deposit and a balance, with production between.

`schedule` divides a total, `clock_of` says what falls due, `commands` and `progress` are the
verbs, `queries` what both sides see. The stages themselves, and who paid them how, are finance's.
"""
