from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "pifa.parties"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from pifa.parties import events  # noqa: F401 - registers what this floor does on events
