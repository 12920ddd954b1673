"""A notice's words in a language: the template of its kind filled with its figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from pifa.kernel import clock
from pifa.kernel.money import Money
from pifa.messages.kinds import KINDS, Words

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ABSENT = "—"


@dataclass(frozen=True, slots=True)
class Wording:
    """A notice as it is read."""

    label: str
    title: str
    body: str
    why: str


class _Figures(dict[str, str]):
    """Figures for a template; one that is absent shows as a dash, never as an error."""

    def __missing__(self, name: str) -> str:
        return ABSENT


def wording(kind: str, params: Mapping[str, Any], language: str | None = None) -> Wording:
    """The words of a notice in a language (the reader's present one unless given).

    A kind that a later release no longer knows still shows, by its code.
    """
    with translation.override(language or translation.get_language()):
        found = KINDS.get(kind)
        if found is None:
            return Wording(label=kind, title=kind, body="", why="")
        figures = _Figures({name: _said(name, value) for name, value in _spoken(params)})
        return Wording(
            label=str(found.label),
            title=_filled(found.title, figures),
            body=_filled(found.body_for(params), figures),
            why=str(found.why),
        )


def thread_title(subject: str, title: str, language: str | None = None) -> str:
    """What a thread is about, in a language (the reader's present one unless given).

    An order is told by its number; the title of anything else stands as its writer gave it.
    """
    kind, _sep, number = subject.partition(":")
    if kind != "order":
        return title
    with translation.override(language or translation.get_language()):
        return _("订单 %(number)s") % {"number": number}


def _spoken(params: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The params; of one that has an English twin (`*_en`) the one the reader understands."""
    english = (translation.get_language() or "").startswith("en")
    for name, value in params.items():
        twin = params.get(f"{name}_en")
        yield name, twin if english and twin else value


def _filled(words: Words, figures: _Figures) -> str:
    return str(words).format_map(figures)


def _said(name: str, value: object) -> str:
    if name.endswith("_fen") and isinstance(value, int):
        return str(Money(value))
    if name == "due" or name.endswith(("_by", "_at")):
        return _moment(value)
    return ABSENT if value is None or value == "" else str(value)


def _moment(value: object) -> str:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    if moment.tzinfo is None:
        return str(value)
    local = moment.astimezone(clock.zone())
    english = (translation.get_language() or "").startswith("en")
    return _("{month}月{day}日 {time}").format(
        month=_MONTHS[local.month - 1] if english else local.month,
        day=local.day,
        time=f"{local:%H:%M}",
    )
