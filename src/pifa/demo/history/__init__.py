"""Tells the trade of a plan to the tables without running a command for each step.

Commands would take a quarter of an hour for six months. Here the same steps and deadlines are
played in memory in the order of time (`replay`), by the market's own rules and terms, and what
they leave behind is written table by table (`load`). A test plays a small plan both ways and
holds every table to the same rows.
"""
