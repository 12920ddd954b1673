"""The seller's page of secured credit."""
