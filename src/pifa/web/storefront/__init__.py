"""What everybody sees: home, categories, shops, offers, search, sign-in, purchase list, checkout."""
