from django.apps import AppConfig


class BuyerConfig(AppConfig):
    name = "pifa.web.buyer"
    label = "web_buyer"
