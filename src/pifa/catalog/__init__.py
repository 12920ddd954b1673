"""Categories, shops, offers, SKUs, price breaks, stock, freight templates.

One function decides a price (`rules.price_offer`). Stock is reserved and released here by
conditions in the database; who bought it is trade's affair.
"""
