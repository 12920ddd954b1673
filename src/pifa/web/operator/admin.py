"""Windows on the tables. Nothing is changed here but the list of prohibited words."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from pifa.catalog.models import Category, Offer, ProhibitedWord, Shop
from pifa.finance.models import GatewayNotice, Payment
from pifa.kernel.models import AuditEntry, Deadline, OutboxEvent
from pifa.kernel.money import Money
from pifa.messages.models import Delivery
from pifa.parties.models import Company, PenaltyEntry, User, Verification
from pifa.trade.models import ImportBatch, Order


class Window(ModelAdmin):
    """A list and a view of rows that only commands may write."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Company)
class CompanyWindow(Window):
    list_display = ("file", "login", "is_seller", "integrity_grade", "member_until", "created_at")
    list_filter = ("is_seller", "integrity_grade", "region")
    search_fields = ("name", "login", "verified_name")
    ordering = ("-created_at",)

    @admin.display(description=_("企业"), ordering="name")
    def file(self, obj: Company) -> str:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:company_file", args=[obj.pk]), obj.name
        )


@admin.register(Shop)
class ShopWindow(Window):
    list_display = ("name", "company", "main_category", "mobile_open", "opened_at")
    list_select_related = ("company", "main_category")
    list_filter = ("mobile_open", "main_category__medal_system")
    search_fields = ("name", "company__name")


@admin.register(Offer)
class OfferWindow(Window):
    list_display = ("look", "seller", "category", "state", "visibility", "sold_quantity")
    list_select_related = ("seller", "category")
    list_filter = ("state", "visibility")
    search_fields = ("title", "code", "seller__name")

    @admin.display(description=_("货品"), ordering="title")
    def look(self, obj: Offer) -> str:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:queue_offer", args=[obj.pk]), obj.title
        )


@admin.register(Order)
class OrderWindow(Window):
    list_display = ("number", "buyer", "seller", "status", "money", "channel", "placed_at")
    list_select_related = ("buyer", "seller")
    list_filter = ("status", "channel", "scene", "provenance")
    search_fields = ("number", "buyer__name", "seller__name")
    ordering = ("-placed_at",)
    exclude = ("phone", "mobile", "address", "consignee")

    @admin.display(description=_("应付"), ordering="total_fen")
    def money(self, obj: Order) -> str:
        return str(Money(obj.total_fen))


@admin.register(ProhibitedWord)
class ProhibitedWordAdmin(ModelAdmin):
    list_display = ("word", "reason")
    search_fields = ("word",)


class _Plain(Window):
    """A window whose columns are simply named."""


def _window(model: type[Model], **options: Any) -> None:
    admin.site.register(model, type(f"{model.__name__}Window", (_Plain,), options))


_window(Category, list_display=("name", "name_en", "parent", "medal_system", "department"))
_window(
    Verification,
    list_display=("company", "kind", "legal_name", "state", "submitted_at"),
    list_filter=("state", "kind"),
    list_select_related=("company",),
    exclude=("document", "licence_no"),
)
_window(
    PenaltyEntry,
    list_display=("company", "points", "reason", "given_at", "revoked_at"),
    list_select_related=("company",),
)
_window(User, list_display=("username", "is_staff", "is_active"), exclude=("password",))
_window(
    ImportBatch,
    list_display=("seller", "file_name", "state", "orders_new", "rejected", "started_at"),
    list_select_related=("seller",),
)
_window(
    Payment,
    list_display=("number", "payable", "method", "state", "amount_fen", "started_at"),
    list_filter=("state", "method"),
    list_select_related=("payable",),
    search_fields=("number",),
)
_window(
    GatewayNotice,
    list_display=("gateway", "notice_id", "verdict", "repeats", "at"),
    list_filter=("verdict",),
)
_window(
    Deadline,
    list_display=("kind", "subject", "due_at", "done_at", "attempts", "error"),
    list_filter=("kind",),
    search_fields=("subject",),
)
_window(
    OutboxEvent,
    list_display=("name", "happened_at", "delivered_at", "attempts", "error"),
    list_filter=("name",),
)
_window(
    AuditEntry,
    list_display=("at", "action", "actor_kind", "user_id", "company_id", "subject"),
    list_filter=("action",),
    search_fields=("subject",),
    ordering=("-id",),
)
_window(
    Delivery,
    list_display=("notice", "member", "way", "state", "attempts", "at", "error"),
    list_filter=("way", "state"),
    list_select_related=("notice", "member"),
)
