from django.apps import AppConfig


class TradeConfig(AppConfig):
    name = "pifa.trade"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from pifa.trade import events  # noqa: F401 - registers what this floor does on events
