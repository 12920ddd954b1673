from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "pifa.metrics"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from pifa.metrics import events  # noqa: F401 - how events of floors below become facts
