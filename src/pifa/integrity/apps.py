from django.apps import AppConfig


class IntegrityConfig(AppConfig):
    name = "pifa.integrity"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from pifa.integrity import events  # noqa: F401 - registers whom this floor tells
