from django.apps import AppConfig


class RelationshipsConfig(AppConfig):
    name = "pifa.relationships"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from pifa.relationships import events  # noqa: F401 - registers what this floor does on events
