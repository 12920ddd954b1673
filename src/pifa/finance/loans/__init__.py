"""Loans of the partner bank: what is to be paid back when (LOAN-* in the domain's money rules)."""
