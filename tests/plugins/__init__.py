"""Fixtures for every test: the database, the market clock, the browser."""
