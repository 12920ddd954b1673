"""Notices to companies (in the app and by email) and threads between companies.

Knows templates, preferences and deliveries; not what an order or an offer is.
"""
