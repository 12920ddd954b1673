"""The face of Pifa: tokens, components, layouts, filters and drawings that every page uses.

It knows how an amount, a moment or a standing is shown, and nothing about what it means:
no model is read here except the market clock. Every component is shown in each of its
states at `/design/`; `docs/web-kit.md` says how to write a page with them.
"""
