"""Windows on the tables. Nothing is changed here but the list of prohibited words.

Names, phones, addresses and papers of people stay out of them: where an operator's work needs
one, a page of its own shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from pifa.catalog.models import Category, Offer, ProhibitedWord, Shop
from pifa.finance import words
from pifa.finance.methods import registry
from pifa.finance.models import GatewayNotice, Payment
from pifa.kernel import audit, deadlines, events
from pifa.kernel.models import AuditEntry, Deadline, OutboxEvent
from pifa.kernel.money import Money
from pifa.messages.models import Delivery
from pifa.messages.wording import wording
from pifa.parties.models import Company, PenaltyEntry, User, Verification
from pifa.trade.models import ImportBatch, Order
from pifa.web.operator.queues import operator_of

WAYS = {"app": _("站内"), "email": _("邮件")}
"""How a notice is brought to a member."""


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
    exclude = ("phone",)

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
    list_display = (
        "number",
        "buyer",
        "seller",
        "status",
        "money",
        "channel",
        "placed_at",
        "ruling",
    )
    list_select_related = ("buyer", "seller")
    list_filter = ("status", "channel", "scene", "provenance")
    search_fields = ("number", "buyer__name", "seller__name")
    ordering = ("-placed_at",)
    exclude = ("phone", "mobile", "address", "post_code", "consignee", "invoice")

    @admin.display(description=_("应付"), ordering="total_fen")
    def money(self, obj: Order) -> str:
        return str(Money(obj.total_fen))

    @admin.display(description=_("刷单裁定"))
    def ruling(self, obj: Order) -> str:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:order_ruling", args=[obj.number]), gettext("查看")
        )


@admin.register(ProhibitedWord)
class ProhibitedWordAdmin(ModelAdmin):
    list_display = ("word", "reason")
    search_fields = ("word",)


@admin.register(Payment)
class PaymentWindow(Window):
    list_display = ("number", "paid_for", "way", "state", "money", "started_at")
    list_filter = ("state", "method")
    list_select_related = ("payable",)
    search_fields = ("number", "payable__number", "payable__subject")

    @admin.display(description=_("应付单"), ordering="payable__subject")
    def paid_for(self, obj: Payment) -> str:
        return f"{obj.payable.title} · {obj.payable.subject}"

    @admin.display(description=_("付款方式"), ordering="method")
    def way(self, obj: Payment) -> str:
        return str(registry.get(obj.method).label)

    @admin.display(description=_("金额"), ordering="amount_fen")
    def money(self, obj: Payment) -> str:
        return str(Money(obj.amount_fen))


@admin.register(GatewayNotice)
class GatewayNoticeWindow(Window):
    list_display = ("notice_id", "gateway", "payment_number", "said", "repeats", "at")
    list_filter = ("verdict",)
    search_fields = ("notice_id", "payment_number")

    @admin.display(description=_("处理结果"), ordering="verdict")
    def said(self, obj: GatewayNotice) -> str:
        return words.verdict(obj.verdict)


@admin.register(Delivery)
class DeliveryWindow(Window):
    list_display = ("told", "member", "by", "state", "attempts", "at", "error")
    list_filter = ("way", "state")
    list_select_related = ("notice", "member")
    exclude = ("to",)

    @admin.display(description=_("通知"))
    def told(self, obj: Delivery) -> str:
        return wording(obj.notice.kind, obj.notice.params).title

    @admin.display(description=_("方式"), ordering="way")
    def by(self, obj: Delivery) -> str:
        return str(WAYS.get(obj.way, obj.way))


class _Plain(Window):
    """A window whose columns are simply named."""


class Stuck(admin.SimpleListFilter):
    """Only what failed, or only what failed for the last time."""

    title = _("失败")
    parameter_name = "failed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("stuck", _("已停止重试")), ("failed", _("失败过，将再试"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        waiting = queryset.filter(**{self._done_field(queryset): None})
        if self.value() == "stuck":
            return waiting.filter(attempts__gte=events.MAX_ATTEMPTS)
        if self.value() == "failed":
            return waiting.filter(attempts__gt=0, attempts__lt=events.MAX_ATTEMPTS)
        return queryset

    @staticmethod
    def _done_field(queryset: QuerySet[Any]) -> str:
        return "done_at" if queryset.model is Deadline else "delivered_at"


class _Retried(_Plain):
    """A window on work that may have failed, with a way to let it be tried anew."""

    actions = ("try_again",)
    again: Callable[[Iterable[int]], int]

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"kernel.change_{self.opts.model_name}")

    @admin.action(description=_("重试所选的失败项"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Failed ones among the chosen are tried anew by the worker, at once."""
        chosen = list(queryset.values_list("pk", flat=True))
        count = type(self).again(chosen)
        audit.record(
            operator_of(request), f"{self.opts.model_name}.retry", "market:work", count=count
        )
        messages.success(request, gettext("已安排重试 {count} 项。").format(count=count))


def _window(model: type[Model], base: type[Window] = _Plain, **options: Any) -> None:
    admin.site.register(model, type(f"{model.__name__}Window", (base,), options))


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
_window(
    User,
    list_display=("username", "is_staff", "is_active"),
    exclude=("password", "email", "mobile", "first_name", "last_name"),
)
_window(
    ImportBatch,
    list_display=("seller", "file_name", "state", "orders_new", "rejected", "started_at"),
    list_select_related=("seller",),
    exclude=("file", "rejected_file"),
)
_window(
    Deadline,
    _Retried,
    again=staticmethod(deadlines.retry),
    list_display=("kind", "subject", "due_at", "done_at", "attempts", "error"),
    list_filter=(Stuck, "kind"),
    search_fields=("subject",),
)
_window(
    OutboxEvent,
    _Retried,
    again=staticmethod(events.retry),
    list_display=("name", "happened_at", "delivered_at", "attempts", "error"),
    list_filter=(Stuck, "name"),
)
_window(
    AuditEntry,
    list_display=("at", "action", "actor_kind", "user_id", "company_id", "subject"),
    list_filter=("action",),
    search_fields=("subject",),
    ordering=("-id",),
)
