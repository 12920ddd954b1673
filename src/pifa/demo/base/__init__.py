"""Writes what stands before any trade, by the market's own commands: staff, companies, goods.

Each verb runs at the moment it is told to have happened (`clock.frozen`).
"""
