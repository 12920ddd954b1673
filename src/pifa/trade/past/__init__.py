"""Past trade that a seller brings in: *declared* orders, for its own files and reports.

`mapping` says which column means what, `reader` streams a sheet into order drafts, `rules`
says what a line is and which purchase a cancellation takes back. Nothing here posts to the
ledger or counts for standing.
"""
