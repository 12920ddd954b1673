"""Companies, members, verification, standing, addresses, tokens."""
