from django.apps import AppConfig


class TradeConfig(AppConfig):
    name = "pifa.trade"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from pifa.trade import checking  # noqa: F401 - proves orders' money to the ledger check
        from pifa.trade.approval import notices as _told  # noqa: F401 - whom approvals are told
        from pifa.trade.approval import reactions as _approval  # noqa: F401 - prices, ends
        from pifa.trade.commands import (  # noqa: F401 - what happens at deadlines, parcels on the way
            by_itself,
            tracking,
        )
        from pifa.trade.events import (  # noqa: F401 - what events do, and which facts they become
            metric_facts,
            notices,
            reactions,
        )
        from pifa.trade.freight_insurance import reactions as _freight  # noqa: F401 - policies
        from pifa.trade.invitations import notices as _told_sellers  # noqa: F401 - what became of it
        from pifa.trade.invitations import reactions as _answered  # noqa: F401 - paid, closed
        from pifa.trade.invitations.commands import by_itself as _ends  # noqa: F401 - validity ends
        from pifa.trade.invoices import checking as _proofs  # noqa: F401 - what stands was paid
        from pifa.trade.invoices import notices as _notices  # noqa: F401 - whom invoices are told
        from pifa.trade.invoices import reactions as _invoices  # noqa: F401 - refunds, ends
        from pifa.trade.quotes import notices as quote_notices  # noqa: F401 - who is told of quotes
        from pifa.trade.quotes.commands import by_itself as quotes_end  # noqa: F401 - they lapse
