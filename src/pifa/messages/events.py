"""What this floor announces, and what it does on others' events."""
