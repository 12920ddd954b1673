"""Corporate transfer (融易收): a buyer pays from any bank to a virtual account of its own.

`lines` takes what the bank tells (by its feed or a statement sheet), `rules` decides what is
certain, `matching` does it, `desk` is what operators do with the rest. Nothing is guessed: what
is not certain stays in SUSPENSE until somebody has decided.
"""
