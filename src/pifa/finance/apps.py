from django.apps import AppConfig


class FinanceConfig(AppConfig):
    name = "pifa.finance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from pifa.finance import events  # noqa: F401 - registers what this floor does on events
