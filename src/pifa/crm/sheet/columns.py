"""The columns of the customers' sheet: the deck's, and what a file holds besides.

The deck writes tags in brackets behind the account, and a second row of headers below 客户描述;
both are read so. Purchases stand in as many columns as are needed, 第一次采购 onwards.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from pifa.catalog.queries.categories import localized
from pifa.crm.errors import NoSheetHeader
from pifa.kernel.sheets import Column, ColumnKind


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column: its name in the code and its headers."""

    key: str
    chinese: str
    english: str
    kind: ColumnKind = ColumnKind.TEXT
    width: int = 16
    also: tuple[str, ...] = ()

    @property
    def header(self) -> str:
        """The header in the reader's language."""
        return localized(self.chinese, self.english)


COLUMNS: tuple[FileColumn, ...] = (
    FileColumn("account", "旺旺ID", "Account", also=("旺旺", "会员名", "账号")),
    FileColumn("tags", "标签", "Tags", width=20),
    FileColumn("phone", "电话", "Phone", also=("手机", "联系电话", "联系手机")),
    FileColumn("contact", "客户姓名", "Contact", also=("联系人", "姓名")),
    FileColumn("name", "客户名称", "Customer", width=24, also=("公司", "公司名称", "客户")),
    FileColumn("keeper", "客服", "Keeper", also=("负责人", "跟单")),
    FileColumn("address", "客户地址", "Address", width=36, also=("地址", "收货地址")),
    FileColumn("usual_specs", "常用规格", "Usual specifications", width=28, also=("规格",)),
    FileColumn("prices", "定货价格", "Agreed prices", width=24, also=("订货价格", "价格")),
    FileColumn("usage", "日使用量", "Daily usage", also=("日用量",)),
    FileColumn("amount", "累计金额", "Accumulated amount", ColumnKind.MONEY),
    FileColumn("next_action", "下次跟进", "Next action", width=24),
    FileColumn("next_day", "跟进日期", "Next day", ColumnKind.DAY),
    FileColumn("other_contacts", "其他联系人", "Other contacts", width=24),
    FileColumn("notes", "备注", "Notes", width=40),
    FileColumn("code", "客户编号", "Customer code", also=("编号",)),
)
BY_KEY = {column.key: column for column in COLUMNS}
IDENTITY = ("code", "account", "phone", "contact", "name")
"""What tells a row's customer when it has no code of its own, in this order."""

DESCRIPTION = "客户描述"
_DIGITS = "〇一二三四五六七八九"
_PURCHASE = re.compile(r"^第(\d+|[一二三四五六七八九十]+)次采购$|^purchase(\d+)$")


def purchase_header(number: int) -> str:
    """第一次采购, 第二次采购 …; Purchase 1 …"""
    return localized(f"第{_chinese(number)}次采购", f"Purchase {number}")


def sheet_columns(purchases: int) -> list[Column]:
    """The columns as an export writes them, with so many purchases behind."""
    columns = [Column(column.header, column.kind, column.width) for column in COLUMNS]
    return columns + [Column(purchase_header(at + 1), width=28) for at in range(purchases)]


@dataclass(frozen=True, slots=True)
class Places:
    """Where each known column stands, the purchases' columns in order, and headers nobody knows."""

    known: dict[str, int]
    purchases: tuple[int, ...]
    unknown: tuple[str, ...]


def match_headers(headers: Sequence[str]) -> Places:
    """Raises `NoSheetHeader` where no column tells customers apart."""
    names = {
        _plain(name): column.key
        for column in COLUMNS
        for name in (column.key, column.chinese, column.english, *column.also)
    }
    known: dict[str, int] = {}
    purchases: dict[int, int] = {}
    unknown: list[str] = []
    for at, header in enumerate(headers):
        plain = _plain(header)
        key = names.get(plain)
        number = _number(plain)
        if key is not None and key not in known:
            known[key] = at
        elif number is not None and number not in purchases:
            purchases[number] = at
        elif header and header != DESCRIPTION:
            unknown.append(header)
    if not any(key in known for key in IDENTITY):
        raise NoSheetHeader
    return Places(known, tuple(purchases[n] for n in sorted(purchases)), tuple(unknown))


def is_second_header(cells: Sequence[str]) -> bool:
    """Whether a row is the deck's second row of headers: two of its cells name columns."""
    names = {
        _plain(name)
        for column in COLUMNS
        for name in (column.chinese, column.english, *column.also)
    }
    filled = [cell for cell in cells if cell]
    return len([cell for cell in filled if _plain(cell) in names]) >= max(2, len(filled) - 1)


def _plain(header: str) -> str:
    text = unicodedata.normalize("NFKC", header).casefold()
    return "".join(character for character in text if character.isalnum())


def _number(plain: str) -> int | None:
    match = _PURCHASE.fullmatch(plain)
    if match is None:
        return None
    text = match[1] or match[2]
    if text.isdecimal():
        return int(text[:4])
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS.find(text) if len(text) == 1 else None
    return 10 * (_DIGITS.find(tens) if tens else 1) + (_DIGITS.find(ones) if ones else 0)


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    if number > 99:
        return str(number)
    words = (_DIGITS[tens] if tens > 1 else "") + "十" if tens else ""
    return words + (_DIGITS[ones] if ones or not tens else "")
