from django.apps import AppConfig


class OperatorConfig(AppConfig):
    name = "pifa.web.operator"
    label = "web_operator"
