from django.apps import AppConfig


class PostsConfig(AppConfig):
    name = "pifa.posts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from pifa.posts import events  # noqa: F401 - registers what this floor does on events
