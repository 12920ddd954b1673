"""What a customer file knows, as pure functions."""
