"""Cash on delivery (货到付款): the order ships unpaid, the carrier collects at the door.

A seller offers it (off by default) in chosen regions and up to an amount. What a buyer agrees to
pay so is *promised*; when the parcel is handed over, the carrier is told what to collect. Its
report says what became of it at the door, its *batches* bring the money: one bank amount for many
lines, each reconciled by itself. Only what was remitted is paid.

Not here: orders (finance knows a subject), the promise itself (`finance.commands.promises`), and
what a carrier is (`finance.carriers`).
"""
