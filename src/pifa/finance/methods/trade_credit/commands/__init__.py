"""The only writers of lines, items, statements and repayments; each module has one topic."""
