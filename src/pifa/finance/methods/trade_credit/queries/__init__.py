"""What trade credit tells: lines, promises, statements, repayments, ageing."""
