"""Pifa (批发): an open wholesale marketplace, as one modular monolith."""
