"""The buyer centre: orders, payment, refunds, addresses, statements, messages."""
