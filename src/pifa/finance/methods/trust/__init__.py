"""Trust payment (信任付): the order ships on the bank's promise, and is debited after receipt.

A buyer signs a *mandate* on its account at the partner bank. What it orders is *promised*; once the
goods are received the bank debits the account and pays the seller. A debit that fails is tried again
on business days; then the bank keeps its promise: it pays the seller itself, and the buyer owes the
bank and promises nothing more until that is repaid.

Not here: the bank itself, which is an adapter (`finance.financiers.mandates`).
"""
