"""The REST API: its frame, its description, and an order's life through it."""
