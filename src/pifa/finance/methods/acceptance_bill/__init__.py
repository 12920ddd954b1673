"""Acceptance bills (电子承兑汇票): the buyer's bank promises to pay on a later day.

A buyer has a bill drawn through its bank for one payment. The seller accepts it, and then the
payment is *promised* and the order ships; or refuses it, and the order is to be paid as before.
On the day of maturity the bank presents the bill: honoured, it pays; dishonoured, the promise has
lapsed, the buyer owes and pays another way.

Not here: orders (finance knows a subject), the promise itself (`finance.commands.promises`), and
what a bank of bills is (`finance.bills`).
"""
