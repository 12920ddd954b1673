from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "pifa.rulebook"
    default_auto_field = "django.db.models.BigAutoField"
