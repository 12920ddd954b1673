from django.apps import AppConfig


class SellerConfig(AppConfig):
    name = "pifa.web.seller"
    label = "web_seller"
