"""What is refused of a book, and of asking for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class BookProblem:
    """One thing wrong in one line of one file; `template` is Chinese, filled from the figures."""

    file: str
    line: int
    template: str
    figures: Mapping[str, Any] = field(default_factory=dict)

    def words(self, language: str | None = None) -> str:
        """The reason in a language, or in the reader's."""
        with override(language or get_language()):
            return gettext(self.template).format(**self.figures)

    @property
    def message(self) -> str:
        """The reason in Chinese."""
        return self.words("zh-hans")

    @property
    def message_en(self) -> str:
        """The reason in English."""
        return self.words("en")

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.words()}"


class BookError(DomainError):
    """Books that do not hold: nothing of the folder takes effect; `problems` lists everything."""

    code = "rulebook.broken"
    status = 422
    message = _("规则文件有 {count} 处问题，未生效：\n{problems}")

    def __init__(self, problems: Sequence[BookProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(count=len(self.problems), problems="")

    def __str__(self) -> str:
        lines = "\n".join(str(problem) for problem in self.problems)
        return str(self.message).format(count=len(self.problems), problems=lines)

    def as_data(self) -> dict[str, Any]:
        return {
            "problems": [
                {"file": problem.file, "line": problem.line, "reason": problem.words()}
                for problem in self.problems
            ]
        }


class NoBook(DomainError):
    """No book of that name is in effect on that day; figures: name, day."""

    code = "rulebook.no_book"
    status = 404
    message = _("{day} 没有生效的规则“{name}”。")
