"""Pages of customer files."""
