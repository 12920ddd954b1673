"""Order invitations (发起订单): a seller fills an order in, who has its link confirms and pays it.

`rules` is pure; `links` makes the addresses; `commands` write, `queries` read. Nothing is reserved
by an invitation: its order, and with it the stock, begins when somebody confirms it.
"""
