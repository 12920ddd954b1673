"""Purchase list, checkout, orders, fulfilment, refunds, disputes, reviews, declared past trade.

An order's states, who may do what, and its money are decided here; how it is paid is
finance's affair.
"""
