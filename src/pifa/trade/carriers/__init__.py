"""Carriers: told of parcels, they tell where those are. What they tell never moves an order."""
