from django.apps import AppConfig


class FinanceConfig(AppConfig):
    name = "pifa.finance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # They register what this floor does on events.
        from pifa.finance import events  # noqa: F401
        from pifa.finance.gateways import calls  # noqa: F401
        from pifa.finance.insurance.bond import events as bonds  # noqa: F401
        from pifa.finance.insurance.freight import events as freight  # noqa: F401
        from pifa.finance.methods.acceptance_bill import reactions as bills  # noqa: F401
        from pifa.finance.methods.cash_on_delivery import reactions as at_the_door  # noqa: F401
        from pifa.finance.methods.corporate_transfer import events as transfers  # noqa: F401
        from pifa.finance.methods.secured import reactions as secured  # noqa: F401
        from pifa.finance.methods.trade_credit import reactions  # noqa: F401
        from pifa.finance.methods.trust import reactions as trust  # noqa: F401
        from pifa.finance.partner_bank import reactions as bank  # noqa: F401
        from pifa.finance.withdrawals import events as withdrawals  # noqa: F401
