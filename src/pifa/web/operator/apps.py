"""The console as Django's admin site, and the staff roles it needs."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate


class ConsoleConfig(AdminConfig):
    default_site = "pifa.web.operator.site.Console"


class OperatorConfig(AppConfig):
    name = "pifa.web.operator"
    label = "web_operator"

    def ready(self) -> None:
        from pifa.web.operator.names import give_names

        give_names()
        post_migrate.connect(_ensure_roles, sender=self)


def _ensure_roles(**kwargs: Any) -> None:
    from pifa.web.operator.roles import ensure_roles

    ensure_roles()
