"""The only writers of secured credit; each module has one topic."""
