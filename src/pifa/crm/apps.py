from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "pifa.crm"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from pifa.crm import events  # noqa: F401 - registers what this floor does on others' events
