from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    name = "pifa.web.storefront"
    label = "web_storefront"
