"""Whoever reads the console in Chinese reads no column's code and no English table."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from pifa.kernel.events import deliver
from pifa.messages.models import Delivery
from pifa.web.operator.admin import Window
from tests.trade.market import trading
from tests.web.operator.staff import staff
from tools.translations import CHINESE

pytestmark = pytest.mark.django_db


def windows() -> list[tuple[type[Model], Window]]:
    Client().get(reverse("admin:login"))  # the site is filled when its addresses are
    found = admin.site._registry.items()
    return [(model, shown) for model, shown in found if isinstance(shown, Window)]


def test_every_table_and_column_has_its_name_in_both_languages() -> None:
    shown, found = {}, windows()
    for language in ("zh-hans", "en"):
        with override(language):
            shown[language] = {
                f"{model.__name__}.{field.name}": str(field.verbose_name)
                for model, window in found
                for field in model._meta.fields
                if field.editable and not field.auto_created
                if field.name not in (window.exclude or ())
            } | {model.__name__: str(model._meta.verbose_name) for model, _window in found}
    assert [name for name, said in shown["zh-hans"].items() if not CHINESE.search(said)] == []
    assert [name for name, said in shown["en"].items() if CHINESE.search(said)] == []


def test_payments_and_notices_are_told_in_words() -> None:
    market = trading()
    order = market.paid(100)
    deliver()
    client = staff()

    page = client.get(reverse("admin:finance_payment_changelist")).content.decode()
    assert "¥35.00" in page
    assert "在线支付" in page
    assert f"order:{order.number}" in page
    notices = client.get(reverse("admin:finance_gatewaynotice_changelist")).content.decode()
    assert "已入账" in notices
    assert Delivery.objects.exists()
    told = client.get(reverse("admin:pifa_messages_delivery_changelist")).content.decode()
    assert f"订单 {order.number} 已付款" in told
    assert "站内" in told
    assert "object (" not in page + notices + told
