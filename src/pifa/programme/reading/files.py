"""One season's file. Dates of a template are written by month and read for one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop as _

from pifa.programme.reading.checks import check
from pifa.programme.reading.fields import Days
from pifa.programme.reading.parts import read_season
from pifa.programme.rules.season import Season
from pifa.rulebook.errors import BookProblem
from pifa.rulebook.reading.positions import Lines
from pifa.rulebook.reading.tables import Report, Table

_LINE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True)
class Read:
    """A season, or what is wrong with its file; `digest` is the SHA-256 of the text."""

    season: Season | None
    problems: tuple[BookProblem, ...]
    text: str
    digest: str
    is_template: bool = False


def read_file(
    file: Path, month: date | None = None, categories: Mapping[str, str] | None = None
) -> Read:
    """The season in a file; see `read_text`."""
    content = file.read_bytes()
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = BookProblem(file.name, line, _("不是 UTF-8 编码的文本。"))
        return Read(None, (problem,), "", sha256(content).hexdigest())
    return read_text(text, file.name, month, categories)


def read_text(
    text: str,
    shown: str,
    month: date | None = None,
    categories: Mapping[str, str] | None = None,
) -> Read:
    """The season that a text says, or everything that is wrong with it, with lines of `shown`.

    `month` is any day of the month that a template is read for. `categories` are the market's
    top-level categories, slug to name: each must be in one department. None: not checked.
    """
    digest = sha256(text.encode()).hexdigest()
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Read(None, (_bad_toml(shown, text, str(error)),), text, digest)
    report = Report(shown, Lines(text))
    top = Table(data, (), report)
    template = top.flag("template")
    if template and month is None:
        top.add("template", _("这是按月的模板，请指明月份，例如 --month 2018-05。"))
        return Read(None, tuple(report.problems), text, digest, True)
    season = read_season(top, Days(month if template else None))
    top.close()
    if season is not None:
        check(season, top, categories)
    problems = tuple(sorted(report.problems, key=lambda problem: problem.line))
    return Read(None if problems else season, problems, text, digest, template)


def _bad_toml(shown: str, text: str, words: str) -> BookProblem:
    found = _LINE.search(words)
    line = int(found[1]) if found else text.count("\n") + 1
    detail: Any = _LINE.sub("", words).replace("(at end of document)", "").strip()
    return BookProblem(shown, max(line, 1), _("不是合法的 TOML：{detail}。"), {"detail": detail})
