"""Django's handle on the kit."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KitConfig(AppConfig):
    """Templates, static files and template tags; no tables."""

    name = "pifa.web.kit"
    label = "web_kit"
    verbose_name = _("界面组件")
