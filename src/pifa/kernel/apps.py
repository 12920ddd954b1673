from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "pifa.kernel"
    default_auto_field = "django.db.models.BigAutoField"
