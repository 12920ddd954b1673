"""What others may read of the programme; each a bounded number of statements."""
