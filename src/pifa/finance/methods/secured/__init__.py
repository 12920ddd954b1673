"""Secured credit (诚e赊): the buyer orders without paying, and a financier stands for it.

A seller *joins* the service; a buyer has a limit by a benefit it holds. An order that is paid this
way is *promised*: the seller has a claim on the financier, the buyer owes the financier. The two
are settled apart: the financier pays the seller on the due day, or before it for a fee (early
collection), whether or not the buyer has paid; the buyer repays the financier, late or not.

Not here: the financier itself, which is an adapter (`finance.financiers`).
"""
