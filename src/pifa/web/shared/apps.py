from django.apps import AppConfig


class SharedConfig(AppConfig):
    name = "pifa.web.shared"
    label = "web_shared"
