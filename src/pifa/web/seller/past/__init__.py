"""Past trade: bringing it in, matching columns, customers that come with it."""
