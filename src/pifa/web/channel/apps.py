from django.apps import AppConfig


class ChannelConfig(AppConfig):
    name = "pifa.web.channel"
    label = "web_channel"
