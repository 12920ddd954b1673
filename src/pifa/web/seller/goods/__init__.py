"""A seller's goods: list, form, mass edits, sheets, freight templates."""
