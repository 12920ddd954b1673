"""The seller's side of the private channel: posts, groups with their prices, quick listings."""
