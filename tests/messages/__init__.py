"""Notices, mail and threads."""
