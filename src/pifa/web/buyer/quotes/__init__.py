"""The buyer's pages of requests for quotes."""
