from django.apps import AppConfig


class StandingConfig(AppConfig):
    name = "pifa.standing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from pifa.standing import events  # noqa: F401 - registers what this floor does on events
        from pifa.standing.commands import nightly  # noqa: F401 - what happens at deadlines
