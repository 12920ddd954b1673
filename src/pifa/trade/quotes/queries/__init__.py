"""What buyers and sellers read of requests for quotes; each a bounded number of statements."""
