"""The seller centre: order desk, goods, past trade, reports, statements, messages, settings."""
