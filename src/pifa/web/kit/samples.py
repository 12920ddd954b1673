"""Invented figures and words for the gallery: each component in each of its states."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.kernel.money import Money, UnitPrice
from pifa.web.kit.icons import ICONS

LONG_COMPANY = gettext_lazy("永康市长河五金制造有限公司(出口事业部一分厂)")
LONG_TITLE = gettext_lazy(
    "304不锈钢外六角螺栓 M8×30 DIN933 全螺纹 耐腐蚀 光伏支架用 500只装 厂家直发 可开专票"
)


class OrderForm(forms.Form):
    """A form with every kind of field."""

    consignee = forms.CharField(label=gettext_lazy("收货人"), max_length=20)
    phone = forms.CharField(
        label=gettext_lazy("手机号"), help_text=gettext_lazy("仅用于送货，卖家发货后才看得到全号")
    )
    region = forms.ChoiceField(
        label=gettext_lazy("收货地区"),
        choices=[("33", gettext_lazy("浙江")), ("44", gettext_lazy("广东"))],
    )
    price = forms.DecimalField(label=gettext_lazy("单价"), decimal_places=4)
    note = forms.CharField(label=gettext_lazy("给卖家留言"), required=False, widget=forms.Textarea)
    invoice = forms.ChoiceField(
        label=gettext_lazy("发票"),
        choices=[
            ("none", gettext_lazy("不开票")),
            ("plain", gettext_lazy("普通发票")),
            ("vat", gettext_lazy("增值税专用发票")),
        ],
        widget=forms.RadioSelect,
        initial="plain",
    )
    urgent = forms.BooleanField(label=gettext_lazy("请先电话联系再发货"), required=False)
    sheet = forms.FileField(
        label=gettext_lazy("货品表格"),
        help_text=gettext_lazy(".xlsx 或 .csv，不超过 20 MB"),
        required=False,
    )


def forms_shown() -> dict[str, Any]:
    """An empty form, and one that came back with errors."""
    returned = OrderForm(
        {"consignee": "", "phone": "12", "region": "33", "price": "0.03505", "invoice": "vat"},
        auto_id="again_%s",
    )
    returned.add_error("phone", _("手机号应是 11 位数字，现在是 2 位。"))
    return {"form": OrderForm(), "returned": returned}


def orders(now: datetime) -> list[dict[str, Any]]:
    """A few rows of an order desk, long names among them."""
    return [
        {
            "number": "260302000418",
            "buyer": _("义乌市小满百货商行"),
            "at": now - timedelta(minutes=12),
            "count": 1_200,
            "amount": Money(1_230_000),
            "word": _("待付款"),
            "kind": "warn",
        },
        {
            "number": "260301000377",
            "buyer": LONG_COMPANY,
            "at": now - timedelta(days=1, hours=2),
            "count": 280_000,
            "amount": Money(98_000_00),
            "word": _("待发货"),
            "kind": "now",
        },
        {
            "number": "260224000102",
            "buyer": _("临沂青禾五金"),
            "at": now - timedelta(days=6),
            "count": 50,
            "amount": Money(1_750),
            "word": _("退款退货中"),
            "kind": "bad",
        },
        {
            "number": "251220000009",
            "buyer": _("中山灯语照明"),
            "at": now - timedelta(days=72),
            "count": 3_000,
            "amount": Money(46_200_00),
            "word": _("交易成功"),
            "kind": "ok",
        },
    ]


def steppers(now: datetime) -> list[tuple[str, list[tuple[str, Any, str]]]]:
    """An order on its way, and one that was stopped."""
    return [
        (
            _("进行中的订单"),
            [
                (_("下单"), now - timedelta(days=2), "done"),
                (_("付款"), now - timedelta(days=2, minutes=-4), "done"),
                (_("发货"), _("今天 17:00 前"), "now"),
                (_("收货"), None, "todo"),
                (_("评价"), None, "todo"),
            ],
        ),
        (
            _("关闭的订单"),
            [
                (_("下单"), now - timedelta(days=4), "done"),
                (_("交易关闭"), _("超时未付款"), "stopped"),
            ],
        ),
    ]


def happenings(now: datetime) -> list[tuple[Any, str, str]]:
    """What happened to an order, latest first."""
    return [
        (now - timedelta(minutes=35), _("卖家已发货"), _("中原快运 ZY8830 0021 774")),
        (
            now - timedelta(hours=20),
            _("买家已付款 ¥12,300.00"),
            _("货款由平台保管，确认收货后付给卖家"),
        ),
        (now - timedelta(hours=21), _("买家下单"), ""),
    ]


def drawings(now: datetime) -> dict[str, Any]:
    """Figures for the charts: thirty days, twenty-four hours, a quarter of standing."""
    day_sales = [31, 28, 35, 42, 38, 12, 9, 44, 51, 47, 39, 52, 18, 14, 49, 58, 61, 55, 63, 22]
    day_sales += [17, 59, 66, 71, 64, 70, 29, 21, 68, 76]
    hours = [2, 1, 0, 0, 0, 1, 4, 9, 22, 41, 58, 49, 30, 37, 52, 61, 55, 38, 24, 29, 44, 36, 19, 8]
    days = [now - timedelta(days=29 - index) for index in range(30)]
    weeks = [now - timedelta(weeks=7 - index) for index in range(8)]
    standing = [0] * 9 + [1] * 22 + [2] * 30 + [3] * 18 + [2] * 11
    first = now - timedelta(days=len(standing) - 1)
    return {
        "sales": [
            (f"{day.month}/{day.day}", Money(value * 100_00))
            for day, value in zip(days, day_sales, strict=True)
        ],
        "weeks": [
            (f"{week.month}/{week.day}", value)
            for week, value in zip(weeks, [31, 44, 40, 52, 61, 58, 66, 71], strict=True)
        ],
        "weeks_returning": [12, 20, 19, 30, 34, 36, 41, 44],
        "spark": [Money(value * 100_00) for value in day_sales],
        "hours": [(f"{hour}:00", Money(value * 1_000_00)) for hour, value in enumerate(hours)],
        "standing": [
            (f"{(first + timedelta(days=i)):%m-%d}", level) for i, level in enumerate(standing)
        ],
        "levels": [_("无"), "1A", "2A", "3A", "4A", "5A"],
        "daily_target": Money(60 * 100_00),
        "sums": [
            (f"{day.month}/{day.day}", Money(sum(day_sales[: index + 1]) * 100_00))
            for index, day in enumerate(days[:19])
        ],
        "month_target": Money(1_600 * 100_00),
        "projected": Money(sum(day_sales[:19]) * 100_00 * 30 // 19),
        "month_ends": (f"{days[0].month}/{days[0].day}", f"{now.month}/{now.day}"),
    }


def gallery(now: datetime) -> dict[str, Any]:
    """Everything the gallery page shows."""
    picture = [(f"kit/sample-{index}.svg", word) for index, word in _pictures()]
    return {
        **forms_shown(),
        **drawings(now),
        "orders": orders(now),
        "steppers": steppers(now),
        "happenings": happenings(now),
        "moments": [
            now - timedelta(minutes=5),
            now - timedelta(days=1),
            now + timedelta(days=1, hours=8),
            now - timedelta(days=40),
            now - timedelta(days=400),
        ],
        "long_company": LONG_COMPANY,
        "long_title": LONG_TITLE,
        "breaks": [(100, UnitPrice(3500)), (1_000, UnitPrice(3100)), (10_000, UnitPrice(2875))],
        "one_price": [(1, UnitPrice(128_000))],
        "tab_items": [
            (_("待付款"), "#tabs", 13, False),
            (_("待发货"), "#tabs", 8, True),
            (_("待收货"), "#tabs", 400, False),
            (_("退款退货中"), "#tabs", 1, False),
            (_("待评价"), "#tabs", 23, False),
            (_("交易成功"), "#tabs", None, False),
        ],
        "crumbs": [(_("首页"), "/"), (_("紧固件"), "#"), (LONG_TITLE, "")],
        "facts": [
            (_("订单号"), "260302000418"),
            (_("买家"), LONG_COMPANY),
            (_("收货地址"), _("浙江省义乌市福田街道银河路 18 号 3 幢 201")),
            (_("数量"), 1_200),
        ],
        "sum": [
            (_("货款"), Money(1_228_000)),
            (_("运费"), Money(12_000)),
            (_("优惠"), Money(-10_000)),
            (_("应付"), Money(1_230_000)),
        ],
        "page": Paginator(range(1_240), 20).page(7),
        "picture_files": picture,
        "nav_groups": nav_groups(),
        "more": _("比上月多 12%"),
        "above": _("高于 0.08%"),
        "dispute_rate": "0.05%",
        "dispute_limit": "≤ 0.08%",
        "pace": _("节拍 41%，落后 4 个百分点"),
        "medals": range(6),
        "icon_names": sorted(ICONS),
        "price": UnitPrice(3500),
        "upper": UnitPrice(12_000),
    }


def _pictures() -> list[tuple[int, str]]:
    return [(1, _("六角螺栓的正面")), (2, _("六角螺栓的尺寸图")), (3, _("一箱螺栓"))]


def nav_groups() -> list[tuple[str, list[tuple[str, str, int | None, bool]]]]:
    """The side navigation of a seller's centre."""
    return [
        ("", [(_("今日"), "#", None, True)]),
        (
            _("订单"),
            [
                (_("订单管理"), "#", 8, False),
                (_("退款与纠纷"), "#", 1, False),
                (_("发起订单"), "#", None, False),
            ],
        ),
        (
            _("货品"),
            [(_("货品管理"), "#", None, False), (_("批量上传"), "#", None, False)],
        ),
        (
            _("资金"),
            [(_("对账单"), "#", None, False), (_("提现"), "#", None, False)],
        ),
    ]
