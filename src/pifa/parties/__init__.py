"""Companies, their members and roles, verification, membership, integrity grade, penalty points.

Knows who somebody is and what they may do for which company; knows nothing of goods,
orders or money.
"""
