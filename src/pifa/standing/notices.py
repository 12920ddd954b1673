"""The words of what companies are told about their standing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import translation

from pifa.kernel.actors import SYSTEM
from pifa.messages.commands import NewNotice
from pifa.rulebook.rules import Book, Ladder
from pifa.standing import wording
from pifa.standing.books import book_on
from pifa.standing.events import FallAhead
from pifa.standing.labels import named
from pifa.standing.models import Kind, Profile
from pifa.standing.queries.explaining import explain
from pifa.standing.rules.rating import LEVELS, TIERS, medal_ladder

_BUYERS = (Kind.LEVEL.value,)


def notice_of(name: str, payload: Mapping[str, Any]) -> NewNotice | None:
    """The notice of a change or of a fall ahead; None for what nobody need be told."""
    kind = payload["kind"]
    if kind == Kind.CREDIT.value:
        return None
    ahead = name == FallAhead.name
    day = date.fromisoformat(payload["falls_on"] if ahead else payload["day"])
    company_id = payload["company_id"]
    ladder = _ladder(book_on(day), kind, company_id)
    if ladder is None:
        return None
    code = "standing_will_fall" if ahead else _code(payload)
    side = "buyer" if kind in _BUYERS else "seller"
    return NewNotice(
        company_id=company_id,
        kind=code,
        subject=f"company:{company_id}",
        params={
            "ladder": ladder.name,
            "ladder_en": ladder.name_en,
            **_steps(ladder, payload),
            "day": day.isoformat(),
            **(_keep(company_id, kind) if ahead else {}),
        },
        link=f"/{side}/standing/",
    )


def _code(payload: Mapping[str, Any]) -> str:
    return "standing_risen" if payload["new_rank"] > payload["old_rank"] else "standing_fallen"


def _ladder(book: Book, kind: str, company_id: int) -> Ladder | None:
    if kind == Kind.LEVEL:
        return book.ladders[LEVELS]
    if kind == Kind.TIER:
        return book.ladders[TIERS]
    system = (
        Profile.objects.filter(company=company_id)
        .order_by("-since")
        .values_list("medal_system", flat=True)
        .first()
    )
    return book.ladders[medal_ladder(system)] if system else None


def _steps(ladder: Ladder, payload: Mapping[str, Any]) -> dict[str, str]:
    """The old and the new step by name, with their English twins."""
    found = {}
    for place in ("old", "new"):
        step = ladder.step(payload[place]) if payload[place] else None
        for language, twin in _LANGUAGES:
            with translation.override(language):
                found[f"{place}{twin}"] = named(step)
    return found


def _keep(company_id: int, kind: str) -> dict[str, str]:
    """What would prevent the fall, in both languages."""
    found = {}
    for language, twin in _LANGUAGES:
        with translation.override(language):
            story = explain(SYSTEM, company_id).story(kind)
            found[f"keep{twin}"] = wording.keep_words(story) if story else ""
    return found


_LANGUAGES = (("zh-hans", ""), ("en", "_en"))
