"""Trade credit as its seller grants it: lines, batches by sheet, who owes how much for how long."""
