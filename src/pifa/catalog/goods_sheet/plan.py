"""What a sheet would do: its rows by offer, set against what is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from pifa.catalog.commands.writing import Write, check_stock, problems_of
from pifa.catalog.goods_sheet.columns import BY_KEY, COLUMNS
from pifa.catalog.goods_sheet.rows import SheetRow
from pifa.catalog.problems import Problem
from pifa.catalog.queries.stored import StoredOffer
from pifa.catalog.rules import OfferDraft, SkuDraft, check_showable
from pifa.kernel.sheets import RowError

_OFFER_KEYS = tuple(column.key for column in COLUMNS if column.of_offer and column.key != "code")
_DRAFT_NAMES = {
    "category": "category_id",
    "freight_template": "freight_template_id",
    "pictures": "picture_ids",
}
_SKU_NAMES = {"weight_g": "weight_mg"}
_SKU_KEYS = ("spec", "tiers", "stock", "weight_g", "active")
_NEEDED = ("title", "category")


@dataclass(slots=True)
class Group:
    """The rows of one offer."""

    code: str
    rows: list[SheetRow] = field(default_factory=list)

    @property
    def errors(self) -> list[RowError]:
        """Mistakes in any of its rows."""
        return [error for row in self.rows for error in row.errors]

    @property
    def picture_names(self) -> tuple[str, ...]:
        """The pictures its rows name."""
        return tuple(name for row in self.rows for name in row.values.get("pictures", ()))


@dataclass(frozen=True, slots=True)
class Planned:
    """What becomes of one offer. Without a `write` it is refused, and its rows say why."""

    group: Group
    write: Write | None
    not_submitted: tuple[Problem, ...] = ()

    @property
    def kind(self) -> str:
        """created, changed, unchanged or refused."""
        if self.write is None:
            return "refused"
        if self.write.stored is None:
            return "created"
        return "changed" if self.write.changes_anything else "unchanged"


def grouped(rows: Iterable[SheetRow]) -> list[Group]:
    """Rows by offer code, offers in the order of their first rows."""
    groups: dict[str, Group] = {}
    for row in rows:
        # A row whose own code could not be read stands alone.
        code = row.values.get("code", f"\0{row.number}")
        groups.setdefault(code, Group(code)).rows.append(row)
    return list(groups.values())


def plan(
    group: Group,
    stored: StoredOffer | None,
    picture_ids: Mapping[str, int],
    prohibited: dict[str, str],
) -> Planned:
    """Set one offer's rows against what is stored; every mistake is noted on its row.

    `picture_ids` knows the picture names that could be resolved (negative: not stored yet).
    """
    if not group.errors:
        values = _offer_values(group, picture_ids)
        drafts = _sku_drafts(group, stored)
        if stored is None:
            _need(group, values)
        if not group.errors:
            draft = _draft(group, stored, values, drafts)
            write = Write(draft, stored)
            _check(group, write, prohibited)
            if not group.errors:
                waits = stored is None or stored.state in ("draft", "rejected")
                held = tuple(check_showable(draft, prohibited)) if waits else ()
                return Planned(group, write, held)
    _refuse_together(group)
    return Planned(group, None)


def changed_fields(write: Write) -> list[str]:
    """The columns in which a change differs from what is stored, as headers."""
    if write.stored is None:
        return []
    old, new = write.stored.draft, write.final
    names = [
        key
        for key in _OFFER_KEYS
        if getattr(old, _DRAFT_NAMES.get(key, key)) != getattr(new, _DRAFT_NAMES.get(key, key))
    ]
    before = {sku.code: sku for sku in old.skus}
    for key in _SKU_KEYS:
        name = _SKU_NAMES.get(key, key)
        if any(
            sku.code in before and getattr(before[sku.code], name) != getattr(sku, name)
            for sku in new.skus
        ):
            names.append(key)
    if any(sku.code not in before for sku in new.skus):
        names.append("sku_code")
    return [BY_KEY[name].header for name in names]


def _offer_values(group: Group, picture_ids: Mapping[str, int]) -> dict[str, Any]:
    """What the rows say of the offer; rows that contradict each other are refused."""
    values: dict[str, Any] = {}
    said: dict[str, SheetRow] = {}
    for row in group.rows:
        for key in _OFFER_KEYS:
            if key not in row.values:
                continue
            if key not in said:
                said[key], values[key] = row, row.values[key]
            elif row.values[key] != values[key]:
                row.refuse(
                    key,
                    _("与第 {row} 行不一致").format(row=said[key].number),
                    _("同一货号的各行请填写相同内容，或只填第一行"),
                )
    if "pictures" in values:
        known = dict.fromkeys(
            picture_ids[name] for name in values["pictures"] if name in picture_ids
        )
        values["pictures"] = tuple(known)
    return values


def _sku_drafts(group: Group, stored: StoredOffer | None) -> list[SkuDraft]:
    """The SKUs of the rows: stored ones with what the rows change, then new ones."""
    known = {} if stored is None else {sku.code: sku for sku in stored.draft.skus}
    changed: dict[str, SkuDraft] = dict(known)
    rows: dict[str, SheetRow] = {}
    for row in group.rows:
        code = row.values.get("sku_code") or _implied_code(group, known)
        if not code:
            row.refuse("sku_code", _("没有填写"), _("一个货品有几个规格时，请为每行填写 SKU 编码"))
            continue
        if code in rows:
            row.refuse(
                "sku_code",
                _("“{code}”在第 {row} 行已经出现过").format(code=code, row=rows[code].number),
                _("请改名或删除其中一行"),
            )
            continue
        rows[code] = row
        row.values["sku_code"] = code
        values = {
            _SKU_NAMES.get(key, key): row.values[key] for key in _SKU_KEYS if key in row.values
        }
        if code in known:
            changed[code] = replace(known[code], **values)
        elif "tiers" not in values:
            row.refuse("tiers", _("没有填写"), _("新的规格请填写阶梯价，例如 1:0.35;1000:0.31"))
        else:
            changed[code] = SkuDraft(code=code, **values)
    return list(changed.values())


def _implied_code(group: Group, known: Mapping[str, SkuDraft]) -> str:
    """The code of the only SKU of an offer need not be written."""
    if len(group.rows) > 1 or len(known) > 1:
        return ""
    return next(iter(known), group.code)


def _need(group: Group, values: Mapping[str, Any]) -> None:
    for key in _NEEDED:
        if key not in values:
            group.rows[0].refuse(key, _("没有填写"), _("新的货品请填写这一项"))


def _draft(
    group: Group, stored: StoredOffer | None, values: Mapping[str, Any], skus: list[SkuDraft]
) -> OfferDraft:
    named = {_DRAFT_NAMES.get(key, key): value for key, value in values.items()}
    if stored is not None:
        return replace(stored.draft, skus=tuple(skus), **named)
    return OfferDraft(code=group.code, skus=tuple(skus), **named)


def _check(group: Group, write: Write, prohibited: dict[str, str]) -> None:
    rows = {row.values["sku_code"]: row for row in group.rows}
    for problem in problems_of(write, prohibited):
        row = rows.get(problem.sku or "", group.rows[0])
        row.refuse(problem.field or "", problem.reason, problem.remedy)
    for sku in write.draft.skus:
        short = check_stock(Write(replace(write.draft, skus=(sku,)), write.stored))
        if short is not None:
            row = rows.get(sku.code, group.rows[0])
            row.refuse(
                "stock",
                _("库存 {stock} 少于已被订单占用的 {reserved}").format(**short.figures),
                _("请填写不小于 {reserved} 的数").format(**short.figures),
            )


def _refuse_together(group: Group) -> None:
    """An offer is taken as a whole: its good rows go back together with the bad ones."""
    bad = next(row.number for row in group.rows if row.errors)
    for row in group.rows:
        if not row.errors:
            row.refuse(
                "code",
                _("同一货号的第 {row} 行有错误，整个货品没有导入").format(row=bad),
                _("改正那一行后，连同本行一起重新上传"),
            )
