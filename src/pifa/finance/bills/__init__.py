"""Banks of acceptance bills: they draw bills for buyers, keep them, and present them on their day."""
