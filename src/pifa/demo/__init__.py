"""The demo market: an invented industrial belt with its surroundings, built from a seed.

`vocabulary` holds what it is made of and `pictures` draws its goods; both are pure Python and know
no database. Nothing in the market itself depends on this package.
"""
