"""What is not honest trade: an operator's ruling that an order is brushing, its answer, its end.

It says what an order is; what follows from it (metrics leave the order out) others do on its
events. It knows no metrics and moves no money.
"""
