"""The writers of mandates, of what is promised under them, and of what the bank makes of it."""
