"""One file as a book."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop as _

from pifa.rulebook.errors import BookProblem
from pifa.rulebook.reading.kinds import (
    GRANTS,
    PLAIN,
    SCORECARD,
    check_plain,
    read_grants,
    read_scorecard,
)
from pifa.rulebook.reading.ladders import read_ladder
from pifa.rulebook.reading.positions import Lines
from pifa.rulebook.reading.tables import Report, Table
from pifa.rulebook.rules import Book, GrantRule, Ladder, Scorecard, Vocabulary

Needed = Mapping[str, Collection[tuple[str, str]]]
"""By the name of a book: the parts it must have, as `("ladders", code)` or `("tables", code)`."""

_LINE = re.compile(r"\(at line (\d+), column \d+\)")

_KINDS = "、".join((SCORECARD, GRANTS, PLAIN))


def read_book(
    file: Path, shown: str, words: Vocabulary, needed: Needed
) -> tuple[Book | None, list[BookProblem]]:
    """The book in a file, or what is wrong with it; `shown` is the file's name for people."""
    content = file.read_bytes()
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return None, [BookProblem(shown, line, _("不是 UTF-8 编码的文本。"))]
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [_bad_toml(shown, text, str(error))]
    report = Report(shown, Lines(text))
    top = Table(data, (), report)
    name, effective = _name(top, file), _effective(top, file)
    title, title_en, source = (top.text(key) or "" for key in ("title", "title_en", "source"))
    ladders = _ladders(top, words)
    scorecards, grants = _tables(top, words, ladders)
    top.close()
    for part, code in needed.get(name, ()):
        section = data.get(part)
        if not isinstance(section, dict) or code not in section:
            top.add(part, _("缺少“{key}”。"), key=f"{part}.{code}")
    check_plain(data, top, ())
    if report.problems or effective is None:
        return None, sorted(report.problems, key=lambda problem: problem.line)
    book = Book(
        name=name,
        effective=effective,
        title=title,
        title_en=title_en,
        source=source,
        ladders=ladders,
        tables=data.get("tables", {}),
        scorecards=scorecards,
        grants=tuple(grants),
        digest=sha256(content).hexdigest(),
        text=text,
        data=data,
    )
    return book, []


def _bad_toml(shown: str, text: str, words: str) -> BookProblem:
    found = _LINE.search(words)
    line = int(found[1]) if found else text.count("\n") + (not text.endswith("\n"))
    detail = _LINE.sub("", words).replace("(at end of document)", "").strip()
    return BookProblem(shown, max(line, 1), _("不是合法的 TOML：{detail}。"), {"detail": detail})


def _name(top: Table, file: Path) -> str:
    name = top.text("name")
    folder = file.parent.name
    if name is not None and name != folder:
        top.add(
            "name", _("规则名“{name}”与所在目录“{folder}”不一致。"), name=name, folder=folder
        )  # fmt: skip
    return name or folder


def _effective(top: Table, file: Path) -> date | None:
    value: Any = top.take("effective")
    if value is None:
        return None
    if not isinstance(value, date) or isinstance(value, datetime):
        top.add("effective", _("生效日应写成不带引号的日期，例如 2018-01-01。"))
        return None
    if file.stem != value.isoformat():
        top.add(
            "effective",
            _("文件名 {file} 与生效日 {day} 不一致。"),
            file=file.name,
            day=value.isoformat(),
        )
    return value


def _ladders(top: Table, words: Vocabulary) -> dict[str, Ladder]:
    table = top.table("ladders", needed=False)
    if table is None:
        return {}
    found = {}
    for code in table.data:
        ladder = table.table(code)
        if ladder is not None:
            found[code] = read_ladder(code, ladder, words)
    return found


def _tables(
    top: Table, words: Vocabulary, ladders: dict[str, Ladder]
) -> tuple[dict[str, Scorecard], list[GrantRule]]:
    scorecards: dict[str, Scorecard] = {}
    grants: list[GrantRule] = []
    tables = top.table("tables", needed=False)
    for code in tables.data if tables else ():
        assert tables is not None
        table = tables.table(code)
        kind = table.text("kind") if table else None
        if table is None or kind is None or kind == PLAIN:
            continue
        if kind == SCORECARD:
            scorecards[code] = read_scorecard(code, table, words)
        elif kind == GRANTS:
            grants += read_grants(table, words, ladders)
        else:
            table.add("kind", _("不认识这种表“{kind}”。可用：{known}。"), kind=kind, known=_KINDS)
    return scorecards, grants
