"""The story of a season as one self-contained page, for the screen and for paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template

from pifa.demo.season.play import SELLERS
from pifa.demo.season.told import OUTCOMES, STATES, Ending, Language, Said, Told
from pifa.kernel import clock
from pifa.kernel.money import Money

CHECKPOINTS = ("CHECK-15", "CHECK-PEAK", "CHECK-MONTH")

_WORDS = {
    "zh": {
        "lang": "zh-Hans",
        "title": "2018 年 3 月通天计划：一季的故事",
        "about": "十三家商家，从彩排到留存；每行写明谁、做了什么、依据哪条规则。",
        "endings": "结局",
        "days": "逐日",
        "seller": "商家",
        "plays": "角色",
        "ends": "结果",
        "frozen": "冻结至",
        "of": "{reached} / 要求 {asked}",
        "missing": "未满足",
    },
    "en": {
        "lang": "en",
        "title": "The key-account programme of March 2018: a season's story",
        "about": "Thirteen sellers from rehearsal to renewal: who, what, and by which rule.",
        "endings": "Endings",
        "days": "Day by day",
        "seller": "Seller",
        "plays": "Plays",
        "ends": "Ends",
        "frozen": "Frozen until",
        "of": "{reached} of {asked} asked",
        "missing": "lacks",
    },
}

_PASSED = ("kept", "renewed")


def page(story: Sequence[Told], endings: Sequence[Ending], language: Language) -> str:
    """The whole page as HTML; everything said in it is escaped."""
    words = _WORDS[language]
    shell = Template(Path(__file__).with_name("page.html").read_text())
    days = groupby(story, key=lambda one: clock.market_day(one.at))
    return shell.substitute(
        {key: escape(words[key]) for key in ("lang", "title", "about", "endings", "days")},
        table="".join(_table(endings, language)),
        story="".join(_day(day, list(lines), language) for day, lines in days),
    )


def _table(endings: Sequence[Ending], language: Language) -> Iterator[str]:
    words = _WORDS[language]
    heads = (words["seller"], words["plays"], *CHECKPOINTS, words["ends"], words["frozen"])
    cells = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    yield f"<thead><tr>{cells}</tr></thead><tbody>"
    for one in endings:
        name, how = SELLERS[one.who]
        row = [("", name), (heads[1], how.of(language))]
        row += [(code, _outcome(one.outcomes.get(code, ""), language)) for code in CHECKPOINTS]
        until = one.frozen_until.isoformat() if one.frozen_until else ""
        row += [(heads[5], STATES[one.state].of(language)), (heads[6], until)]
        state = _tone(one.outcomes)
        told = "".join(
            f'<td data-label="{escape(label)}">{escape(text)}</td>' if text else "<td></td>"
            for label, text in row
        )
        yield f'<tr class="{state}">{told}</tr>'
    yield "</tbody>"


def _outcome(code: str, language: Language) -> str:
    return OUTCOMES[code].of(language) if code else ""


def _tone(outcomes: dict[str, str]) -> str:
    """How a seller came out of its last verdict, as a class of the page."""
    last = list(outcomes.values())[-1:]
    return "" if not last else "ok" if last[0] in _PASSED else "bad"


def _day(day: date, lines: Sequence[Told], language: Language) -> str:
    told = "".join(_line(one, language) for one in lines)
    stamp = day.isoformat()
    return f'<section><h3><time datetime="{stamp}">{stamp}</time></h3><ol>{told}</ol></section>'


def _line(one: Told, language: Language) -> str:
    hour = f"{one.at.astimezone(clock.zone()):%H:%M}"
    return (
        f"<li><time>{hour}</time><div><b>{escape(one.who)}</b> "
        f"{escape(one.said.words.of(language))}{_figure(one.said, language)}"
        f"{_rules(one.said.rules, language)}</div></li>"
    )


def _rules(rules: Sequence[str], language: Language) -> str:
    held = [rule for rule in rules if not rule.startswith("!")]
    lacking = [rule[1:] for rule in rules if rule.startswith("!")]
    shown = "".join(f"<code>{escape(rule)}</code>" for rule in held)
    if lacking:
        inner = "".join(f"<code>{escape(rule)}</code>" for rule in lacking)
        shown += f'<span class="lacks">{escape(_WORDS[language]["missing"])} {inner}</span>'
    return f'<div class="rules">{shown}</div>' if shown else ""


def _figure(said: Said, language: Language) -> str:
    """What was reached of what was asked: in words, and as a bar whose line is what was asked."""
    if said.reached is None or not said.asked:
        return ""
    width, line = 240, 160
    reached = min(said.reached * line // said.asked, width)
    tone = "ok" if said.reached >= said.asked else "bad"
    words = escape(
        _WORDS[language]["of"].format(reached=Money(said.reached), asked=Money(said.asked))
    )
    return (
        f'<div class="figure"><svg viewBox="0 0 {width} 10" role="img" aria-label="{words}">'
        f'<rect class="rail" width="{width}" height="10"/>'
        f'<rect class="{tone}" width="{reached}" height="10"/>'
        f'<path d="M{line} 0V10"/></svg><span>{words}</span></div>'
    )
