"""Insurance: policies that an insurer behind an adapter writes, and what it pays."""
