from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "pifa.programme"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from pifa.programme import events  # noqa: F401 - registers what this floor does on events
        from pifa.programme.commands import by_itself  # noqa: F401 - what happens at deadlines
