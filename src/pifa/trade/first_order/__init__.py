"""First-order protection (首单交易无忧): what went wrong with a buyer's first paid order on the
market can be claimed once, and is made good by the market within a limit.

The benefits' register says who is covered and up to how much; an operator decides; finance pays.
"""
