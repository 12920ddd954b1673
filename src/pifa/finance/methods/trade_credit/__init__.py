"""Trade credit (账期支付): a seller lets a buyer it knows pay later, up to a limit.

The seller grants a *line*; an order that is paid by it is *promised* and takes from the limit
until it is paid or waived. From the day of receipt it has a day by which it is due: with monthly
terms that of the period's *statement*, else so many days later. The buyer pays by a *repayment*,
whose money is laid out over the promises, the oldest first.

Not here: orders (finance knows a subject), and the promise itself, which every method that takes
a payer's word has in common (`finance.commands.promises`).
"""
