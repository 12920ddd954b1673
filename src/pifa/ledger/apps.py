from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "pifa.ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from pifa.ledger import events  # noqa: F401 - registers what this floor does on events
