from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "pifa.catalog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from pifa.catalog import events  # noqa: F401 - registers what this floor does on events
