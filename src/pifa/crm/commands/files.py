"""A clerk writes a file: new customers, fields, tags, agreed prices, the next action, notes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.crm import models
from pifa.crm.commands.figures import refresh_files
from pifa.crm.commands.morning import expect_mornings
from pifa.crm.commands.opening import open_files
from pifa.crm.errors import BadField, NoSuchKeeper
from pifa.crm.models import AgreedPrice, CustomerFile, FileNote, FileTag
from pifa.crm.policies import may_keep, own_file
from pifa.crm.rules import cells
from pifa.kernel import audit, bulk, clock
from pifa.kernel.actors import Actor
from pifa.kernel.money import UnitPrice
from pifa.parties.models import Company, Member
from pifa.parties.rules import normal_phone
from pifa.parties.text import clean_line, clean_text
from pifa.relationships.commands import note_customers

NOTE_LENGTH = 2000
TAGS, PRICES, WRITTEN, WRITTEN_LENGTH = 20, 100, 60, 500
MAX_FEN = 10**15

_LINES: Mapping[str, int] = {
    "name": 120,
    "account": models.ACCOUNT,
    "contact": models.PERSON,
    "phone": models.PHONE,
    "address": models.ADDRESS,
    "next_action": 200,
}
_TEXTS: Mapping[str, int] = {"other_contacts": models.TEXT, "usual_specs": models.TEXT}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDraft:
    """What a file is to say. `prices` are goods with their agreed price, in order."""

    name: str
    account: str = ""
    contact: str = ""
    phone: str = ""
    other_contacts: str = ""
    keeper_id: int | None = None
    address: str = ""
    usual_specs: str = ""
    daily_usage: int | None = None
    usage_unit: str = ""
    next_action: str = ""
    next_day: date | None = None
    tags: tuple[str, ...] = ()
    prices: tuple[tuple[str, UnitPrice], ...] = ()
    written_purchases: tuple[str, ...] = ()
    written_fen: int = 0


PLAIN = tuple(
    one.name for one in fields(FileDraft) if one.name not in ("tags", "prices", "written_purchases")
)
"""Fields of a draft that are columns of the file as they are."""


def checked(draft: FileDraft, keepers: Collection[int | None]) -> FileDraft:
    """A draft as it is kept: cleaned, within lengths; `BadField`, `NoSuchKeeper`.

    `keepers` are those who may keep it.
    """
    values: dict[str, Any] = {one.name: getattr(draft, one.name) for one in fields(draft)}
    for name, longest in _LINES.items():
        values[name] = _fits(name, clean_line(values[name]), longest)
    for name, longest in _TEXTS.items():
        values[name] = _fits(name, clean_text(values[name]), longest)
    if not values["name"]:
        raise _bad("name", _("不能为空"), _("写上客户的名称"))
    values["phone"] = normal_phone(values["phone"])
    if cells.read_account(values["account"])[1] or any(x in values["account"] for x in "()（）"):
        raise _bad("account", _("不能有括号"), _("括号里的内容写成标签"))
    if draft.keeper_id is not None and draft.keeper_id not in keepers:
        raise NoSuchKeeper("keeper")
    _check_usage(draft)
    if bool(values["next_action"]) != (draft.next_day is not None):
        raise _bad("next_action", _("跟进事项和日期要一起写"), _("两项都填，或都留空"))
    values["tags"] = _tags(draft.tags)
    values["prices"] = _prices(draft.prices)
    values["written_purchases"] = tuple(
        _fits("written_purchases", clean_line(text), WRITTEN_LENGTH)
        for text in draft.written_purchases
    )
    if len(values["written_purchases"]) > WRITTEN or not 0 <= draft.written_fen <= MAX_FEN:
        raise _bad("written_purchases", _("采购记录过多"), _("最多 60 次，金额不为负"))
    return FileDraft(**values)


def keepers_of(seller_id: int) -> dict[int, str]:
    """The active members of a company, by id: who may keep a file."""
    rows = Member.objects.filter(company=seller_id, active=True)
    return dict(rows.order_by("pk").values_list("pk", "name"))


@transaction.atomic
def add_file(actor: Actor, draft: FileDraft, code: str = "") -> CustomerFile:
    """Note a new customer with its file. `code` names it in the seller's sheets; without one its
    account, phone or name does. `BadField` where a customer of that code is there. Clerks."""
    seller_id = may_keep(actor)
    Company.objects.select_for_update(no_key=True).get(pk=seller_id)
    draft = checked(draft, keepers_of(seller_id))
    code = clean_line(code) or draft.account or draft.phone or draft.name
    if CustomerFile.objects.filter(seller=seller_id, code=code).exists():
        raise _bad("code", _("已有编号相同的客户"), _("换一个编号，或修改原来的档案"))
    row = noted(actor, seller_id, [(code, draft.name)])[code]
    write(actor, row, draft, new=True)
    refresh_files(seller_id, [row.pk])
    expect_mornings(seller_id)
    return row


def noted(
    actor: Actor, seller_id: int, customers: Iterable[tuple[str, str]]
) -> dict[str, CustomerFile]:
    """The files of customers (code, name), opened where they are missing; by code."""
    ids = note_customers(seller_id, [(code, name, "") for code, name in customers], actor)
    open_files(seller_id)
    rows = CustomerFile.objects.filter(seller=seller_id, relationship__in=set(ids.values()))
    by_relationship = {row.relationship_id: row for row in rows}
    return {code: by_relationship[found] for code, found in ids.items()}


@transaction.atomic
def change_file(actor: Actor, file_id: int, draft: FileDraft) -> CustomerFile:
    """Let a file say what the draft says; nothing happens where it says so already. Clerks."""
    row = own_file(actor, file_id, lock=True)
    # Who keeps the file already may have left the company since.
    keepers = {*keepers_of(row.seller_id), row.keeper_id}
    changed = write(actor, row, checked(draft, keepers))
    if "daily_usage" in changed:
        refresh_files(row.seller_id, [row.pk])
    expect_mornings(row.seller_id)
    return row


@transaction.atomic
def add_note(actor: Actor, file_id: int, text: str) -> FileNote:
    """Write a note into a file's history, which nobody changes afterwards. Clerks."""
    row = own_file(actor, file_id)
    text = _fits("note", clean_text(text), NOTE_LENGTH)
    if not text:
        raise _bad("note", _("不能为空"), _("写上备注内容"))
    return append(actor, row.pk, FileNote.Kind.NOTE, text)


def append(
    actor: Actor,
    file_id: int,
    kind: FileNote.Kind,
    text: str = "",
    *,
    at: datetime | None = None,
    by_name: str | None = None,
) -> FileNote:
    """An entry of a file's history, by the actor and of now unless a sheet says otherwise."""
    author = None
    if by_name is None and actor.member_id is not None:
        author = Member.objects.filter(pk=actor.member_id).first()
    return FileNote.objects.create(
        file_id=file_id,
        kind=kind,
        text=text,
        at=(at or clock.now()).replace(microsecond=0),
        by=author,
        by_name=(author.name if author else by_name or "")[: models.PERSON],
    )


Held = tuple[Collection[str], Collection[tuple[str, UnitPrice]]]
"""The tags and agreed prices of a file, where they were read already."""


def write(
    actor: Actor,
    row: CustomerFile,
    draft: FileDraft,
    *,
    new: bool = False,
    held: Held | None = None,
) -> list[str]:
    """Write a checked draft into a file; the names of what changed. The caller keeps figures."""
    changed = [name for name in PLAIN if getattr(row, name) != getattr(draft, name)]
    for name in changed:
        setattr(row, name, getattr(draft, name))
    if row.written_purchases != list(draft.written_purchases):
        row.written_purchases = list(draft.written_purchases)
        changed.append("written_purchases")
    if held is None or set(held[0]) != set(draft.tags) or list(held[1]) != list(draft.prices):
        family = family_of(row.pk)
        if _write_tags(row.pk, family, draft.tags):
            changed.append("tags")
        if _write_prices(row.pk, family, draft.prices):
            changed.append("prices")
    if changed:
        row.changed_at = clock.now()
        row.save()
        verb = "crm.file.add" if new else "crm.file.change"
        audit.record(actor, verb, f"file:{row.pk}", fields=changed)
    return changed


def family_of(file_id: int) -> list[int]:
    """A file and those merged into it: what hangs on any of them is shown in the one."""
    merged = CustomerFile.objects.filter(merged_into=file_id)
    return [file_id, *merged.order_by("pk").values_list("pk", flat=True)]


def _write_tags(file_id: int, family: list[int], words: tuple[str, ...]) -> bool:
    has = set(FileTag.objects.filter(file__in=family).values_list("word", flat=True))
    if has == set(words):
        return False
    FileTag.objects.filter(file__in=family).exclude(word__in=words).delete()
    new = [{"file_id": file_id, "word": word} for word in words if word not in has]
    bulk.insert(FileTag, new, returning=None)
    return True


def _write_prices(
    file_id: int, family: list[int], prices: tuple[tuple[str, UnitPrice], ...]
) -> bool:
    rows = AgreedPrice.objects.filter(file__in=family)
    wanted = {goods: price.e4 for goods, price in prices}
    there = {row.goods: row.price_e4 for row in rows.order_by("-file", "pk")}
    if list(there.items()) == list(wanted.items()):
        return False
    rows.delete()
    new = [
        {"file_id": file_id, "goods": goods, "price_e4": price} for goods, price in wanted.items()
    ]
    bulk.insert(AgreedPrice, new, returning=None)
    return True


def _tags(words: Iterable[str]) -> tuple[str, ...]:
    cleaned = tuple(dict.fromkeys(word for word in map(clean_line, words) if word))
    for word in cleaned:
        if not cells.is_tag(word) or len(word) > models.TAG:
            reason = _("“{word}”不能作标签").format(word=word[:40])
            raise _bad("tags", reason, _("标签最多 20 个字，不带括号和逗号"))
    if len(cleaned) > TAGS:
        raise _bad("tags", _("标签过多"), _("最多 20 个"))
    return tuple(sorted(cleaned))


def _prices(prices: Iterable[tuple[str, UnitPrice]]) -> tuple[tuple[str, UnitPrice], ...]:
    found: dict[str, UnitPrice] = {}
    for goods, price in prices:
        goods = clean_line(goods)
        fits = cells.is_goods(goods) and len(goods) <= models.GOODS and goods not in found
        if not fits or not 0 < price.e4 <= 10**12:
            reason = _("“{goods}”的价格不能这样记").format(goods=goods[:40])
            raise _bad("prices", reason, _("每行写 规格=单价，如 28*42加厚=0.35，规格不重复"))
        found[goods] = price
    if len(found) > PRICES:
        raise _bad("prices", _("价格过多"), _("最多 100 行"))
    return tuple(found.items())


def _check_usage(draft: FileDraft) -> None:
    wrong = draft.daily_usage is not None and not 0 < draft.daily_usage <= cells.MAX_USAGE
    unit = draft.usage_unit
    if wrong or (unit and (draft.daily_usage is None or not cells.is_unit(unit) or len(unit) > 10)):
        raise _bad("daily_usage", _("不是每天的数量"), _("写成数字加单位，如 2000个"))


def _fits(name: str, text: str, longest: int) -> str:
    if len(text) > longest:
        reason = _("有 {length} 个字，最多 {longest} 个").format(length=len(text), longest=longest)
        raise _bad(name, reason, _("缩短后再保存"))
    return text


def _bad(name: str, reason: str, remedy: str) -> BadField:
    return BadField(name, label=str(LABELS[name]), reason=reason, remedy=remedy)


def _labels() -> dict[str, str | Promise]:
    meta = CustomerFile._meta
    named: dict[str, str | Promise] = {
        name: meta.get_field(name).verbose_name  # type: ignore[union-attr]
        for name in ("code", *_LINES, *_TEXTS, "daily_usage")
    }
    return named


LABELS: dict[str, str | Promise] = _labels() | {
    "note": gettext_lazy("备注"),
    "tags": gettext_lazy("标签"),
    "prices": gettext_lazy("定货价格"),
    "written_purchases": gettext_lazy("采购记录"),
}
