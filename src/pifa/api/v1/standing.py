"""Where a company stands and why, what it held, and the benefits that this brings."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query

from pifa.api.auth import actor_of, staff_of
from pifa.api.fields import Day, Out, PageOut, PathId, listed
from pifa.api.routing import Topic
from pifa.benefits import queries as benefits
from pifa.benefits.labels import terms_of
from pifa.benefits.queries import GrantView
from pifa.kernel import clock
from pifa.kernel.money import Money
from pifa.parties.policies import require
from pifa.rulebook.rules import Figure, Part, Ratio, Step, Unit
from pifa.standing import queries, wording
from pifa.standing.labels import english
from pifa.standing.queries import ConditionLine, Explained, LadderStory
from pifa.standing.vocabulary import VOCABULARY

topic = Topic()


class ExactShareOut(Out):
    """A share, exact; a denominator of 0 means that there is nothing to measure against."""

    numerator: int
    denominator: int


FigureOut = int | bool | str | ExactShareOut | None
"""By its `unit`: yuan as a decimal string, a ratio as a fraction, else a whole number or a flag;
nothing where nothing is known."""


class StepOut(Out):
    """A level, medal or tier with the rule that grants it."""

    code: str
    rank: int
    rule_id: str
    name: str


class ConditionOut(Out):
    """A condition with the company's figure. `missing` is absent where no figure can say it."""

    metric: str
    label: str
    unit: Literal["yuan", "count", "days", "ratio", "points", "flag", "score", "rank"]
    op: Literal["at_least", "at_most", "above", "below", "is"]
    threshold: FigureOut
    value: FigureOut
    holds: bool
    exempt: bool
    missing: FigureOut
    words: str


class ChangeOut(Out):
    """The first day on which another step would be held if nothing more happens; `before` is the
    last day on which something can be done, `leaving` are days that no longer count then."""

    day: date
    before: date
    new: StepOut | None
    falls: bool
    leaving: list[date]
    words: str


class LadderOut(Out):
    """One ladder. `conditions` are those of the next step, `kept` those of the one held."""

    kind: Literal["level", "medal", "tier"]
    ladder: str
    name: str
    held: StepOut | None
    next: StepOut | None
    conditions: list[ConditionOut]
    kept: list[ConditionOut]
    change: ChangeOut | None


class CreditPartOut(Out):
    """What a figure brought to the credit score; below zero where it cost points."""

    metric: str
    label: str
    value: FigureOut
    points: int


class CreditOut(Out):
    """The buyer's credit score from 0 to 100 with its band."""

    score: int
    rank: int
    name: str
    base: int
    parts: list[CreditPartOut]


class RulesOut(Out):
    """The rulebook that was rated by: from when it holds, and the SHA-256 of its file."""

    effective: date
    digest: str


class StandingOut(Out):
    """A standing explained. `rated`: the nightly run rated that day."""

    company_id: int
    day: date
    rated: bool
    rulebook: RulesOut
    credit: CreditOut
    ladders: list[LadderOut]


class SpanOut(Out):
    """What was held from a day on, until the day before another; `code` is empty for nothing."""

    code: str
    rank: int
    name: str
    since: date
    until: date | None


class SpanPage(PageOut):
    items: list[SpanOut]


class BenefitOut(Out):
    """A benefit that is or was held; `until` is the first day without it."""

    benefit: str
    label: str
    terms: str
    value: dict[str, str | int]
    source: str
    rule_id: str
    reason: str
    since: date
    until: date | None
    held: bool


class BenefitPage(PageOut):
    items: list[BenefitOut]


@topic.reads(
    "/standing",
    StandingOut,
    _("自己的等级与勋章"),
    _("day 缺省是今天；明天表示今天到现在的记录会怎么评；过去的日子按当时的规则解释。"),
)
def own_standing(
    request: HttpRequest, day: Annotated[Day | None, Query()] = None
) -> dict[str, Any]:
    actor = actor_of(request)
    return standing_data(queries.explain(actor, require(actor), day))


@topic.reads(
    "/standing/history", SpanPage, _("等级与勋章的历史"), _("最早的在前；没有评定过时为空。")
)
def standing_history(
    request: HttpRequest, kind: Annotated[Literal["level", "credit", "medal", "tier"], Query()]
) -> object:
    return listed(queries.history(require(actor_of(request)), kind))


@topic.reads("/benefits", BenefitPage, _("自己的权益"), _("现有的和曾有的，最近的在前。"))
def own_benefits(request: HttpRequest) -> object:
    grants = benefits.ever_held(require(actor_of(request)))
    return listed([_benefit(grant) for grant in grants])


@topic.reads("/operator/companies/{company_id}/standing", StandingOut, _("一家企业的等级与勋章"))
def company_standing(
    request: HttpRequest, company_id: PathId, day: Annotated[Day | None, Query()] = None
) -> dict[str, Any]:
    actor = staff_of(request, "parties.view_company")
    return standing_data(queries.explain(actor, company_id, day))


def standing_data(told: Explained) -> dict[str, Any]:
    """An explanation as an answer."""
    band = told.credit.band
    return {
        "company_id": told.company_id,
        "day": told.day,
        "rated": told.rated,
        "rulebook": told.book,
        "credit": {
            "score": told.credit.points,
            "rank": band.rank,
            "name": band.name_en if english() else band.name,
            "base": told.book.scorecards["credit"].base,
            "parts": [_part(part) for part in told.credit.parts],
        },
        "ladders": [_ladder(story) for story in told.stories],
    }


def _ladder(story: LadderStory) -> dict[str, Any]:
    change = story.change
    return {
        "kind": story.kind,
        "ladder": story.ladder.code,
        "name": wording.ladder_name(story),
        "held": _step(story.held),
        "next": _step(story.next),
        "conditions": [_condition(line) for line in story.conditions],
        "kept": [_condition(line) for line in story.kept],
        "change": change
        and {
            "day": change.day,
            "before": change.before,
            "new": _step(change.new),
            "falls": change.falls,
            "leaving": story.leaving,
            "words": wording.change_words(story),
        },
    }


def _step(step: Step | None) -> dict[str, Any] | None:
    if step is None:
        return None
    return {
        "code": step.code,
        "rank": step.rank,
        "rule_id": step.rule_id,
        "name": wording.step_words(step),
    }


def _condition(line: ConditionLine) -> dict[str, Any]:
    view = line.view
    return {
        "metric": line.metric,
        "label": wording.label_words(line.metric),
        "unit": "yuan" if line.unit is Unit.FEN else line.unit.value,
        "op": view.condition.op.value,
        "threshold": _figure(view.condition.value, line.unit),
        "value": _figure(view.value, line.unit),
        "holds": view.holds,
        "exempt": view.exempt,
        "missing": _figure(view.missing, line.unit),
        "words": " ".join(
            filter(None, (wording.condition_words(line), wording.missing_words(line)))
        ),
    }


def _part(part: Part) -> dict[str, Any]:
    name = part.weight.metric
    return {
        "metric": name,
        "label": wording.label_words(name),
        "value": _figure(part.value, VOCABULARY[name].unit),
        "points": part.points,
    }


def _figure(figure: Figure | Fraction, unit: Unit) -> Any:
    if unit is Unit.FEN and isinstance(figure, int):
        return str(Money(figure).decimal)
    if isinstance(figure, Ratio):
        return {"numerator": figure.num, "denominator": figure.den}
    if isinstance(figure, Fraction) or (unit is Unit.RATIO and figure is not None):
        share = Fraction(figure)
        return {"numerator": share.numerator, "denominator": share.denominator}
    return figure


def _benefit(grant: GrantView) -> dict[str, Any]:
    today = clock.today()
    return {
        "benefit": grant.benefit,
        "label": grant.label,
        "terms": terms_of(grant.benefit, grant.value),
        "value": grant.value,
        "source": grant.source,
        "rule_id": grant.rule_id,
        "reason": str(grant.reason.get("en" if english() else "zh", "")),
        "since": grant.since,
        "until": grant.until,
        "held": grant.since <= today and (grant.until is None or grant.until > today),
    }
