"""What keeps an offer or a freight template from being accepted: reason and remedy, by field.

Pages show them beside the field, the goods sheet beside the row, the API as a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError

Words = str | Promise

FIELD_LABELS: dict[str, Words] = {
    "code": _("货号"),
    "title": _("标题"),
    "title_en": _("英文标题"),
    "category": _("类目"),
    "unit": _("单位"),
    "moq": _("起批量"),
    "multiple": _("倍数"),
    "skus": _("规格"),
    "sku_code": _("SKU 编码"),
    "spec": _("规格"),
    "tiers": _("阶梯价"),
    "stock": _("库存"),
    "weight_g": _("单重(克)"),
    "active": _("启用"),
    "description": _("详情"),
    "attributes": _("规格参数"),
    "pictures": _("图片"),
    "freight_template": _("运费模板"),
    "visibility": _("可见范围"),
    "scene": _("场景"),
    "staged": _("分阶段付款"),
    "name": _("名称"),
    "zones": _("配送区域"),
    "region": _("省份"),
    "basis": _("计费方式"),
}
"""Fields of drafts as a person reads them; the goods sheet has them as headers."""


class Problem(DomainError):
    """One thing that is wrong with a draft; `field` is the draft's attribute, `sku` its SKU."""

    code = "catalog.unacceptable"
    status = 422
    why: ClassVar[Words] = ""
    remedy_words: ClassVar[Words] = ""

    def __init__(self, field: str, sku: str | None = None, **figures: Any) -> None:
        self.sku = sku
        super().__init__(field, **figures)

    @property
    def field_label(self) -> str:
        """The field as a person reads it."""
        return str(FIELD_LABELS.get(self.field or "", self.field or ""))

    @property
    def reason(self) -> str:
        """What is wrong, with the figures."""
        return str(self.why).format(**self.figures)

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return str(self.remedy_words).format(**self.figures)

    def __str__(self) -> str:
        return str(_("{reason}：{remedy}。")).format(reason=self.reason, remedy=self.remedy)


class Missing(Problem):
    """A required field is empty."""

    code = "catalog.missing"
    why, remedy_words = _("没有填写"), _("请填写这一项")


class TooLong(Problem):
    """Figures: length, limit."""

    code = "catalog.too_long"
    why, remedy_words = _("共 {length} 个字，超过 {limit} 个字"), _("请缩短到 {limit} 个字以内")


class NotStaged(Problem):
    """Staged payment on goods that are neither made to order nor pre-sold."""

    code = "catalog.not_staged"
    why = _("只有定制加工和预售的货品可以分阶段付款")
    remedy_words = _("请改选供货方式，或取消分阶段付款")


class OneDeposit(Problem):
    """A deposit given neither as a share nor as an amount, or as both."""

    code = "catalog.one_deposit"
    why, remedy_words = _("定金没有填写，或同时填了比例和金额"), _("请只填写定金比例或定金金额")


class DepositShare(Problem):
    """A deposit's share outside its bounds."""

    code = "catalog.deposit_share"
    why, remedy_words = _("定金比例不在 1% 到 99% 之间"), _("请填写 1 到 99 的百分比，例如 30")


class DepositAmount(Problem):
    """A deposit's amount that nobody can pay."""

    code = "catalog.deposit_amount"
    why, remedy_words = _("定金金额必须大于 ¥0.00"), _("请填写金额，例如 500.00")


class TooShort(Problem):
    """Figures: limit."""

    code = "catalog.too_short"
    why, remedy_words = _("不足 {limit} 个字"), _("请写清楚货品的名称和规格")


class ControlCharacters(Problem):
    """Characters no one typed on purpose."""

    code = "catalog.control_characters"
    why, remedy_words = _("含有看不见的控制字符"), _("请删除后重新输入文字")


class OutOfRange(Problem):
    """Figures: value, low, high."""

    code = "catalog.out_of_range"
    why, remedy_words = _("{value} 超出范围"), _("请填写 {low} 到 {high} 之间的整数")


class WeightOutOfRange(Problem):
    """Figures in grams: value, limit."""

    code = "catalog.weight_out_of_range"
    why, remedy_words = (
        _("单重 {value} 克超出范围"),
        _("请填写 0 到 {limit} 之间的克数，最多三位小数"),
    )


class UnknownChoice(Problem):
    """Figures: value."""

    code = "catalog.unknown_choice"
    why, remedy_words = _("没有“{value}”这个选项"), _("请从列出的选项中选择")


class NoSkus(Problem):
    """No SKU that can be bought."""

    code = "catalog.no_skus"
    why, remedy_words = _("没有可售的规格"), _("请至少填写一个启用的规格")


class TooMany(Problem):
    """Figures: count, limit."""

    code = "catalog.too_many"
    why, remedy_words = (
        _("共 {count} 个，超过 {limit} 个"),
        _("请减少到 {limit} 个以内，或分成几个货品"),
    )


class Twice(Problem):
    """Figures: value."""

    code = "catalog.twice"
    why, remedy_words = _("“{value}”出现了两次"), _("请改名或删除其中一个")


class SpecsDiffer(Problem):
    """Figures: found, expected."""

    code = "catalog.specs_differ"
    why, remedy_words = (
        _("规格项是“{found}”，与其他规格的“{expected}”不一致"),
        _("请让同一货品的所有规格使用相同的规格项"),
    )


class NoTiers(Problem):
    """A SKU without a price."""

    code = "catalog.no_tiers"
    why, remedy_words = _("没有价格"), _("请填写阶梯价，例如 1:0.35;1000:0.31")


class PriceOutOfRange(Problem):
    """Figures: price, limit."""

    code = "catalog.price_out_of_range"
    why, remedy_words = _("单价 {price} 超出范围"), _("请填写大于 0、不超过 {limit} 的单价")


class TiersNotRising(Problem):
    """Figures: quantity, previous."""

    code = "catalog.tiers_not_rising"
    why, remedy_words = (
        _("阶梯价的数量 {quantity} 没有大于前一档的 {previous}"),
        _("请按数量从小到大填写，每档只写一次"),
    )


class PriceRises(Problem):
    """Figures: quantity, price, previous."""

    code = "catalog.price_rises"
    why, remedy_words = (
        _("{quantity} 件起的单价 {price} 高于前一档的 {previous}"),
        _("数量越多单价不能越高，请检查阶梯价"),
    )


class FirstTierAboveMoq(Problem):
    """Figures: quantity, moq."""

    code = "catalog.first_tier_above_moq"
    why, remedy_words = (
        _("第一档从 {quantity} 件起，高于起批量 {moq}"),
        _("请让第一档的数量不大于起批量"),
    )


class TiersDiffer(Problem):
    """Figures: found, expected."""

    code = "catalog.tiers_differ"
    why, remedy_words = (
        _("阶梯数量是 {found}，与其他规格的 {expected} 不一致"),
        _("同一货品各规格的阶梯数量必须相同，单价可以不同"),
    )


class NoPicture(Problem):
    """A public offer shows what it is."""

    code = "catalog.no_picture"
    why, remedy_words = _("公开货品没有图片"), _("请至少上传一张图片")


class Prohibited(Problem):
    """Figures: word, about."""

    code = "catalog.prohibited"
    why, remedy_words = _("含有违禁词“{word}”（{about}）"), _("请删除违禁内容；违禁商品不能发布")


class NotYours(Problem):
    """Something of another company, or that does not exist. Figures: value."""

    code = "catalog.not_yours"
    why, remedy_words = _("没有找到“{value}”"), _("请从自己的列表中选择")


class RegionTwice(Problem):
    """Figures: region."""

    code = "catalog.region_twice"
    why, remedy_words = _("{region}出现在两个配送区域里"), _("每个省份只能属于一个配送区域")


class ElsewhereTwice(Problem):
    """Two zones without regions."""

    code = "catalog.elsewhere_twice"
    why, remedy_words = _("有两个“其他地区”"), _("请只保留一个“其他地区”")


class NoZones(Problem):
    """A template that charges for nothing."""

    code = "catalog.no_zones"
    why, remedy_words = _("没有配送区域"), _("请至少填写一个配送区域，或选择包邮")


class Unacceptable(DomainError):
    """A draft that was not accepted; nothing was written. Figures: `problems`."""

    code = "catalog.unacceptable"
    status = 422

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            field=problems[0].field,
            problems=[
                {
                    "code": problem.code,
                    "field": problem.field,
                    "sku": problem.sku,
                    "message": str(problem),
                }
                for problem in problems
            ],
        )

    def __str__(self) -> str:
        names = (
            f"{problem.field_label}{f'（{problem.sku}）' if problem.sku else ''} {problem}"
            for problem in self.problems
        )
        return "\n".join(names)
