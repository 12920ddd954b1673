from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "pifa.messages"
    label = "pifa_messages"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from pifa.messages import events  # noqa: F401 - registers what this floor does on events
