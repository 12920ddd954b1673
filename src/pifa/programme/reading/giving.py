"""What a season gives, as its file writes it: benefits, tracks, the kinds of trade they count."""

from __future__ import annotations

from pifa.programme.reading.asking import named, read_asked
from pifa.programme.reading.fields import some_texts, whole, word
from pifa.programme.rules.season import (
    Asked,
    BenefitRule,
    Tag,
    Track,
    TrackBenefit,
    TrackStep,
    TradeKind,
)
from pifa.programme.vocabulary import TRACKS
from pifa.rulebook.reading.tables import Table


def read_benefit(table: Table) -> BenefitRule | None:
    """A benefit of members."""
    code, rule_id, (name, name_en) = table.text("code"), table.text("rule_id"), named(table)
    tag = word(table, "with", Tag)
    departments = some_texts(table, "departments")
    awaits = table.text("awaits", needed=False) or ""
    value = table.table("value", needed=False)
    table.close()
    if code is None or rule_id is None or tag is None:
        return None
    given = dict(value.data) if value else {}
    return BenefitRule(code, rule_id, name, name_en, tag, departments, awaits, given)


def read_trade(table: Table) -> TradeKind | None:
    """A kind of trade."""
    code, scenes, channels = (
        table.text("code"),
        table.texts("scenes"),
        some_texts(table, "channels"),
    )
    table.close()
    return None if code is None else TradeKind(code, tuple(scenes), channels)


def read_track(table: Table) -> Track | None:
    """A track with its threshold, benefits and steps."""
    code, rule_id, (name, name_en) = table.text("code"), table.text("rule_id"), named(table)
    conditions = _conditions(table)
    benefits = tuple(_benefit(each) for each in table.tables("benefits"))
    steps = [_step(each, len(benefits)) for each in table.tables("steps", needed=False)]
    table.close()
    if code is None or rule_id is None:
        return None
    return Track(
        code, rule_id, name, name_en, conditions, benefits, tuple(one for one in steps if one)
    )


def _benefit(table: Table) -> TrackBenefit:
    name, name_en = named(table)
    awaits = table.text("awaits", needed=False) or ""
    boost = whole(table, "boost", 0, 99, default=0) or 0
    table.close()
    return TrackBenefit(name, name_en, awaits, boost)


def _step(table: Table, benefits: int) -> TrackStep | None:
    code, (name, name_en) = table.text("code"), named(table)
    first = whole(table, "first", 1, max(benefits, 1))
    conditions = _conditions(table)
    table.close()
    if code is None or first is None:
        return None
    return TrackStep(code, name, name_en, first, conditions)


def _conditions(table: Table) -> tuple[Asked, ...]:
    read = [read_asked(each, TRACKS) for each in table.tables("conditions", needed=False)]
    return tuple(one for one in read if one)
