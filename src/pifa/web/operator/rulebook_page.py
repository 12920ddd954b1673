"""The rules in force as a page, the books before and after them, and what changed between two."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from pifa.kernel import clock
from pifa.kernel.errors import DomainError
from pifa.rulebook.loading import folder
from pifa.rulebook.rules import Book, Condition, GrantRule, Ladder, Scorecard, Unit
from pifa.standing import books, differences, wording
from pifa.standing.labels import english, named
from pifa.standing.wording import figure_words
from pifa.web.operator.forms import DayForm
from pifa.web.operator.queues import needs, page


@needs("standing.view_ratingrun")
def rulebook(request: HttpRequest) -> HttpResponse:
    """The book of a day in words; problems of the folder, while the last good books go on."""
    form = DayForm({"day": request.GET.get("day") or clock.today()})
    day = form.cleaned_data["day"] if form.is_valid() else clock.today()
    book, refusal = _book(day)
    return page(
        request,
        "console/rulebook.html",
        gettext_lazy("评定规则"),
        day_form=form,
        day=day,
        book=book,
        title_of_book=_named(book, "title") if book else "",
        refusal=refusal,
        problems=books.problems(),
        folder=folder(),
        ladders=[_ladder(ladder) for ladder in book.ladders.values()] if book else [],
        cards=[_card(card) for card in book.scorecards.values()] if book else [],
        grants=_grants(book) if book else [],
        plain=_plain_tables(book) if book else [],
        history=_history(book),
    )


@needs("standing.view_ratingrun")
def changes(request: HttpRequest, old: str, new: str) -> HttpResponse:
    """What differs between the books in effect on two days."""
    before, after = books.book_on(_day(old)), books.book_on(_day(new))
    return page(
        request,
        "console/rulebook_changes.html",
        gettext_lazy("规则变动"),
        old=before,
        new=after,
        rows=differences.told(before, after),
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error


def _book(day: date) -> tuple[Book | None, str]:
    """The book of a day, or why there is none."""
    try:
        return books.book_on(day), ""
    except DomainError as error:
        return None, str(error)


def _history(shown: Book | None) -> list[dict[str, object]]:
    """Every book, the newest first, with the one before it and when it ceases to hold."""
    if shown is None:
        return []
    listed = books.library().history(books.NAME)
    today = clock.today()
    found = []
    for index, book in enumerate(listed):
        after = listed[index + 1].effective if index + 1 < len(listed) else None
        found.append(
            {
                "book": book,
                "title": _named(book, "title"),
                "before": listed[index - 1] if index else None,
                "until": after,
                "in_force": book.effective <= today and (after is None or after > today),
                "to_come": book.effective > today,
            }
        )
    return found[::-1]


def _ladder(ladder: Ladder) -> dict[str, object]:
    sources = {step.source for step in ladder.steps}
    source = sources.pop() if len(sources) == 1 else ladder.source
    return {
        "ladder": ladder,
        "name": _named(ladder),
        "source": source or ladder.source,
        "steps": [
            {
                "step": step,
                "name": named(step),
                "takes_over": ladder.cumulative and not step.alone and step != ladder.steps[0],
                "alone": ladder.cumulative and step.alone,
                "asked": _asked(step.conditions),
                "source": "" if step.source == source else step.source,
            }
            for step in ladder.steps
        ],
    }


def _card(card: Scorecard) -> dict[str, object]:
    return {
        "card": card,
        "name": _named(card),
        "weights": [
            (
                weight,
                wording.label_words(weight.metric),
                wording.measure_words(weight.metric, weight.per),
                weight.up_to if weight.points > 0 else -weight.up_to,
            )
            for weight in card.weights
        ],
        "bands": [(band, _named(band)) for band in card.bands],
    }


def _grants(book: Book) -> list[dict[str, object]]:
    """The benefits; those of one rule for neighbouring steps are one, with each step's worth."""
    found: dict[tuple[object, ...], dict[str, Any]] = {}
    for rule in book.grants:
        key = (rule.code, rule.rule_id, rule.ladders, rule.conditions)
        one = found.setdefault(
            key,
            {
                "rule": rule,
                "name": _named(rule),
                "ladders": [_named(book.ladders[code]) for code in rule.ladders],
                "asked": _asked(rule.conditions),
                "steps": [],
            },
        )
        one["steps"].append((_steps(rule, book), _worth(rule)))
    return list(found.values())


def _steps(rule: GrantRule, book: Book) -> str:
    ladders = [book.ladders[code] for code in rule.ladders]
    low, high = (
        next((named(step) for ladder in ladders if (step := ladder.at(rank))), str(rank))
        for rank in (rule.low, rule.high)
    )
    return low if low == high else f"{low} – {high}"


def _worth(rule: GrantRule) -> str:
    """What a grant is worth: `费率 0.12%`."""
    return ", ".join(
        f"{differences.key_words(key)} {_share(value) if key.endswith('_rate') else value}"
        for key, value in rule.value.items()
    )


def _share(value: Any) -> str:
    return figure_words(Fraction(value), Unit.RATIO)


def _plain_tables(book: Book) -> list[tuple[str, list[tuple[str, Any]]]]:
    """Tables that are kept as they are written."""
    return [
        (differences.key_words(code), [
            (differences.key_words(key), value)
            for key, value in table.items()
            if key != "kind"
        ])
        for code, table in book.tables.items()
        if isinstance(table, Mapping) and table.get("kind") == "plain"
    ]  # fmt: skip


def _asked(conditions: tuple[Condition, ...]) -> list[str]:
    return [wording.rule_words(condition) for condition in conditions]


def _named(thing: Any, field: str = "name") -> str:
    return str(getattr(thing, f"{field}_en" if english() else field))
