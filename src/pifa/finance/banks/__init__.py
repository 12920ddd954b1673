"""Partner banks: they keep the market's account, tell of every line on it, and send money out."""
