"""Carriers that collect at the door: told what to collect, they report and remit."""
