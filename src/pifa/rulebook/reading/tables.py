"""A table of a file as it is read: asked key by key, it reports what is wrong and on which line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from pifa.rulebook.errors import BookProblem
from pifa.rulebook.reading.positions import Lines, Path


class Report:
    """What is wrong in one file."""

    def __init__(self, file: str, lines: Lines) -> None:
        self.file = file
        self.lines = lines
        self.problems: list[BookProblem] = []

    def add(self, path: Path, template: str, /, **figures: Any) -> None:
        self.problems.append(BookProblem(self.file, self.lines.of(path), template, figures))


class Table:
    """One table: every key that nobody asked for is unknown.

    What is missing or of the wrong kind is reported and given as None.
    """

    def __init__(self, data: Mapping[str, Any], path: Path, report: Report) -> None:
        self.data = data
        self.path = path
        self.report = report
        self._asked: dict[str, None] = {}

    def add(self, key: str | None, template: str, /, **figures: Any) -> None:
        """Report something of a key, or of the whole table."""
        path = self.path if key is None else (*self.path, key)
        self.report.add(path, template, **figures)

    def take(self, key: str, needed: bool = True) -> Any:
        """Whatever stands under a key."""
        self._asked[key] = None
        if key not in self.data and needed:
            self.add(None, _("缺少“{key}”。"), key=key)
        return self.data.get(key)

    def text(self, key: str, needed: bool = True) -> str | None:
        value = self.take(key, needed)
        if value is None or (isinstance(value, str) and (value.strip() or not needed)):
            return value
        self.add(key, _("“{key}”应为文字，不能为空。"), key=key)
        return None

    def whole(self, key: str, needed: bool = True) -> int | None:
        value = self.take(key, needed)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        self.add(key, _("“{key}”应为整数。"), key=key)
        return None

    def flag(self, key: str) -> bool:
        """False where the file does not say it."""
        value = self.take(key, needed=False)
        if value is not None and not isinstance(value, bool):
            self.add(key, _("“{key}”应为 true 或 false。"), key=key)
        return value is True

    def table(self, key: str, needed: bool = True) -> Table | None:
        value = self.take(key, needed)
        if isinstance(value, dict):
            return Table(value, (*self.path, key), self.report)
        if value is not None:
            self.add(key, _("“{key}”应为表。"), key=key)
        return None

    def tables(self, key: str, needed: bool = True) -> list[Table]:
        """The tables of a list; nothing else may be in it."""
        value = self.take(key, needed)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.add(key, _("“{key}”应为表的列表。"), key=key)
            return []
        if needed and not value:
            self.add(key, _("“{key}”不能为空。"), key=key)
        return [
            Table(item, (*self.path, key, place), self.report) for place, item in enumerate(value)
        ]

    def texts(self, key: str) -> list[str]:
        """The words of a list that is not empty."""
        value = self.take(key)
        if value is None:
            return []
        if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
            return value
        self.add(key, _("“{key}”应为文字的列表，不能为空。"), key=key)
        return []

    def close(self) -> None:
        """Report every key nobody asked for."""
        known = "、".join(self._asked)
        for key in self.data:
            if key not in self._asked:
                self.add(key, _("不认识“{key}”。这里可以写：{known}。"), key=key, known=known)
