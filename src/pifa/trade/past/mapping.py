"""Named column mappings, kept as TOML: which column means what, and how its values are written.

A mapping is data that people write, so everything wrong in one is said with the file, the key
and what was expected there.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any, Literal, cast

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError
from pifa.trade.past.fields import MONEY_FIELDS, Field

Encoding = Literal["auto", "utf-8", "gb18030", "utf-16", "latin-1"]
ENCODINGS: tuple[Encoding, ...] = ("auto", "utf-8", "gb18030", "utf-16", "latin-1")
STATUSES = (
    "awaiting_payment",
    "in_production",
    "awaiting_balance",
    "awaiting_shipment",
    "awaiting_receipt",
    "in_refund",
    "awaiting_review",
    "completed",
    "closed",
)
"""The values of `OrderStatus`; a test holds them together."""


class MappingInvalid(DomainError):
    """A mapping that cannot be used: `file`, `key`, what was `expected`."""

    code = "past.mapping_invalid"
    status = 422
    message = _("列对应文件“{file}”的 {key} 不正确：应为{expected}。")


class MappingUnknown(DomainError):
    """No mapping of that name."""

    code = "past.mapping_unknown"
    status = 404
    message = _("没有名为“{wanted}”的列对应，现有：{found}。也可以给出一个 .toml 文件。")


class ColumnsMissing(DomainError):
    """The sheet lacks columns without which no order can be read."""

    code = "past.columns_missing"
    status = 422
    message = _(
        "“{sheet}”缺少这些列：{missing}。表头是：{found}。请改正表头，或在“对应列”页面手工对应。"
    )


class ColumnTwice(DomainError):
    """The header that a field uses stands over two columns."""

    code = "past.column_twice"
    status = 422
    message = _("“{sheet}”的表头“{header}”出现了两次，不知道用哪一列。请改名或删除其中一列。")


@dataclass(frozen=True, slots=True)
class Mapping:
    """How to read one kind of sheet. `columns`: field → the headers it is known by."""

    name: str
    title: str
    columns: MappingType[Field, tuple[str, ...]]
    encoding: Encoding = "auto"
    delimiter: str | None = None
    worksheet: str | None = None
    header_row: int | None = None
    continued_rows: bool = False
    """A row without any order column continues the order above it (merged cells)."""
    dates: tuple[str, ...] = ()
    """Patterns of strptime; without any the usual ones are tried, year first."""
    decimal: str = "."
    cancel_prefix: str = ""
    cancel_statuses: tuple[str, ...] = ()
    cancel_quantities: Literal["negative", "positive"] = "negative"
    statuses: MappingType[str, str] = field(default_factory=dict)

    def bind(self, headers: Sequence[str], sheet: str) -> dict[Field, int]:
        """Field → index of its column in a sheet with these headers.

        Raises `ColumnsMissing` if orders cannot be read from what is there and `ColumnTwice`
        if a header that is used stands over two columns.
        """
        places: dict[str, list[int]] = {}
        for index, header in enumerate(headers):
            if header:
                places.setdefault(normal(header), []).append(index)
        bound: dict[Field, int] = {}
        for wanted, names in self.columns.items():
            for name in names:
                found = places.get(normal(name), [])
                if len(found) > 1:
                    raise ColumnTwice(sheet=sheet, header=name)
                if found:
                    bound[wanted] = found[0]
                    break
        missing = self._missing(bound)
        if missing:
            raise ColumnsMissing(
                sheet=sheet,
                missing=", ".join(missing),
                found=", ".join(header for header in headers if header),
            )
        return bound

    def _missing(self, bound: MappingType[Field, int]) -> list[str]:
        missing = [self._named(f) for f in (Field.ORDER_NO, Field.CREATED_AT) if f not in bound]
        with_lines = Field.QUANTITY in bound or Field.UNIT_PRICE in bound
        if with_lines or not any(money in bound for money in MONEY_FIELDS):
            for needed in (Field.QUANTITY, Field.UNIT_PRICE):
                if needed not in bound:
                    missing.append(self._named(needed))
        return missing

    def _named(self, wanted: Field) -> str:
        names = self.columns.get(wanted)
        return f"{wanted.label}（{' / '.join(names)}）" if names else str(wanted.label)


def normal(header: str) -> str:
    """A header without case, blanks, brackets and marks: "Order No." is "order_no"."""
    text = header.casefold().replace("（", "(").replace("）", ")").removesuffix("(元)")
    return "".join(letter for letter in text if letter.isalnum())


def builtin_names() -> list[str]:
    """The names of the mappings that ship with Pifa."""
    folder = resources.files("pifa.trade.past") / "mappings"
    return sorted(
        entry.name.removesuffix(".toml")
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    )


def load(name_or_path: str | Path) -> Mapping:
    """A mapping by the name of a shipped one, or from a .toml file.

    Raises `MappingUnknown` and `MappingInvalid`.
    """
    known = builtin_names()
    if isinstance(name_or_path, str) and name_or_path in known:
        file = f"{name_or_path}.toml"
        text = (resources.files("pifa.trade.past") / "mappings" / file).read_text("utf-8")
        return parse(text, file)
    path = Path(name_or_path)
    if path.suffix != ".toml" or not path.is_file():
        raise MappingUnknown(wanted=str(name_or_path), found=", ".join(known))
    try:
        return parse(path.read_text("utf-8"), path.name)
    except UnicodeDecodeError as error:
        raise MappingInvalid(file=path.name, key="1", expected=_("UTF-8 编码的文本")) from error


def parse(text: str, file: str = "mapping.toml") -> Mapping:
    """Read a mapping from TOML; `file` is what messages call it."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingInvalid(file=file, key=str(error), expected=_("正确的 TOML")) from error
    return _Reading(file, data).mapping()


class _Reading:
    """Validates the tables of one TOML file."""

    _KEYS = {
        "": {"name", "title", "file", "columns", "values", "cancellation", "statuses"},
        "file": {"encoding", "delimiter", "worksheet", "header_row", "continued_rows"},
        "columns": {str(f) for f in Field},
        "values": {"dates", "decimal"},
        "cancellation": {"prefix", "status", "quantities"},
    }

    def __init__(self, file: str, data: dict[str, Any]) -> None:
        self._file = file
        self._data = data

    def mapping(self) -> Mapping:
        self._check_keys("", self._data)
        file, columns = self._table("file"), self._table("columns")
        values, cancel = self._table("values"), self._table("cancellation")
        if not columns:
            raise self._wrong("[columns]", _("至少包含 order_no 的一节"))
        return Mapping(
            name=self._text(self._data, "name", "", required=True),
            title=self._text(self._data, "title", "") or self._text(self._data, "name", ""),
            columns={Field(key): self._texts(columns, key, "columns") for key in columns},
            encoding=cast(Encoding, self._choice(file, "encoding", "file", ENCODINGS)),
            delimiter=self._delimiter(file),
            worksheet=self._text(file, "worksheet", "file") or None,
            header_row=self._header_row(file),
            continued_rows=self._flag(file, "continued_rows", "file"),
            dates=self._dates(values),
            decimal=self._choice(values, "decimal", "values", (".", ",")),
            cancel_prefix=self._text(cancel, "prefix", "cancellation"),
            cancel_statuses=self._texts(cancel, "status", "cancellation"),
            cancel_quantities=cast(
                Literal["negative", "positive"],
                self._choice(cancel, "quantities", "cancellation", ("negative", "positive")),
            ),
            statuses=self._statuses(),
        )

    def _wrong(self, key: str, expected: object) -> MappingInvalid:
        return MappingInvalid(file=self._file, key=key, expected=expected)

    def _check_keys(self, section: str, table: dict[str, Any]) -> None:
        for key in table:
            if key not in self._KEYS[section]:
                known = ", ".join(sorted(self._KEYS[section]))
                raise self._wrong(_path(section, key), _("以下之一：") + known)

    def _table(self, section: str) -> dict[str, Any]:
        table = self._data.get(section, {})
        if not isinstance(table, dict):
            raise self._wrong(f"[{section}]", _("一节（表）"))
        self._check_keys(section, table)
        return table

    def _text(
        self, table: dict[str, Any], key: str, section: str, *, required: bool = False
    ) -> str:
        value = table.get(key, "")
        if not isinstance(value, str) or (required and not value.strip()):
            raise self._wrong(_path(section, key), _("一段文字"))
        return value.strip()

    def _texts(self, table: dict[str, Any], key: str, section: str) -> tuple[str, ...]:
        value = table.get(key, [])
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            raise self._wrong(_path(section, key), _("一段文字或文字的列表"))
        return tuple(v.strip() for v in value)

    def _choice(self, table: dict[str, Any], key: str, section: str, choices: Sequence[str]) -> str:
        value = table.get(key, choices[0])
        if value not in choices:
            raise self._wrong(_path(section, key), _("以下之一：") + ", ".join(choices))
        return str(value)

    def _flag(self, table: dict[str, Any], key: str, section: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            raise self._wrong(_path(section, key), "true / false")
        return value

    def _delimiter(self, table: dict[str, Any]) -> str | None:
        value = table.get("delimiter", "auto")
        if value == "auto":
            return None
        if not isinstance(value, str) or len(value) != 1 or value in '"\r\n':
            raise self._wrong("file.delimiter", _("auto 或一个字符"))
        return value

    def _header_row(self, table: dict[str, Any]) -> int | None:
        value = table.get("header_row")
        if value is not None and (type(value) is not int or value < 1):
            raise self._wrong("file.header_row", _("从 1 开始的行号"))
        return value

    def _dates(self, table: dict[str, Any]) -> tuple[str, ...]:
        if table.get("dates", "auto") == "auto":
            return ()
        patterns = self._texts(table, "dates", "values")
        for pattern in patterns:
            sample = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
            try:
                read = datetime.strptime(sample.strftime(pattern), pattern)  # noqa: DTZ007
            except ValueError as error:
                raise self._wrong("values.dates", _("日期格式，例如 %Y-%m-%d")) from error
            if read.date() != sample.date():
                raise self._wrong("values.dates", _("含年、月、日的日期格式，例如 %Y-%m-%d"))
        return patterns

    def _statuses(self) -> dict[str, str]:
        table = self._data.get("statuses", {})
        if not isinstance(table, dict):
            raise self._wrong("[statuses]", _("一节（表）"))
        for label, status in table.items():
            if status not in STATUSES:
                raise self._wrong(f'statuses."{label}"', _("以下之一：") + ", ".join(STATUSES))
        return {label.strip(): status for label, status in table.items()}


def dump(mapping: Mapping) -> str:
    """The mapping as TOML; `parse` reads it back to an equal one."""
    lines = [f"name = {_toml(mapping.name)}", f"title = {_toml(mapping.title)}", "", "[file]"]
    lines.append(f"encoding = {_toml(mapping.encoding)}")
    if mapping.delimiter is not None:
        lines.append(f"delimiter = {_toml(mapping.delimiter)}")
    if mapping.worksheet is not None:
        lines.append(f"worksheet = {_toml(mapping.worksheet)}")
    if mapping.header_row is not None:
        lines.append(f"header_row = {mapping.header_row}")
    lines.append(f"continued_rows = {_toml(mapping.continued_rows)}")
    lines += ["", "[columns]"]
    lines += [f"{key} = {_toml(list(names))}" for key, names in mapping.columns.items()]
    lines += ["", "[values]"]
    lines.append(f"dates = {_toml(list(mapping.dates) or 'auto')}")
    lines.append(f"decimal = {_toml(mapping.decimal)}")
    lines += ["", "[cancellation]"]
    lines.append(f"prefix = {_toml(mapping.cancel_prefix)}")
    lines.append(f"status = {_toml(list(mapping.cancel_statuses))}")
    lines.append(f"quantities = {_toml(mapping.cancel_quantities)}")
    if mapping.statuses:
        lines += ["", "[statuses]"]
        lines += [f"{_toml(label)} = {_toml(s)}" for label, s in mapping.statuses.items()]
    return "\n".join(lines) + "\n"


def guess(headers: Sequence[str], name: str = "guessed") -> Mapping:
    """Which column probably means what, from all the headers that shipped mappings know.

    Where nothing fits a field it is left out, so the result may not `bind`; the page that
    matches columns starts from it.
    """
    shipped = [load(known) for known in builtin_names()]
    columns: dict[Field, tuple[str, ...]] = {}
    taken: set[str] = set()
    by_normal = {normal(header): header for header in headers if header}
    for wanted in Field:
        candidates = [n for mapping in shipped for n in mapping.columns.get(wanted, ())]
        for candidate in [*candidates, str(wanted)]:
            header = by_normal.get(normal(candidate))
            if header is not None and header not in taken:
                columns[wanted] = (header,)
                taken.add(header)
                break
    statuses = {label: s for mapping in shipped for label, s in mapping.statuses.items()}
    return Mapping(
        name=name,
        title=name,
        columns=columns,
        continued_rows=any(money in columns for money in MONEY_FIELDS),
        statuses=statuses if Field.STATUS in columns else {},
    )


def _path(section: str, key: str) -> str:
    return f"{section}.{key}" if section else key


def _toml(value: object) -> str:
    """A basic TOML value: JSON is the same for these, but for one control character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
