"""The sandbox bank: the other side of the counter, on this machine.

It keeps books of its own (`books`), signs what it says with its own key (`keys`), and does what
its page is told (`bank`): pay, fail, pay late, pay twice, say things twice, wrongly, unsigned.
It knows payment numbers and nothing else of the market.
"""
