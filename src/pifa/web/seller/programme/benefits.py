"""Benefits and tracks: what is held since when, what is not and why, what a track still asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pifa.kernel import clock
from pifa.programme import wording
from pifa.programme.queries.benefit_board import (
    BenefitLine,
    Lacking,
    TrackLine,
    benefit_board,
)
from pifa.programme.rules.season import Season, Tag
from pifa.web.access import seller_page
from pifa.web.kit.formats import day_text
from pifa.web.seller.frame import actor_on
from pifa.web.seller.programme import frame
from pifa.web.seller.programme.frame import AnswerRow

OWN = "BENEFIT-INDUSTRY"


@dataclass(frozen=True, slots=True)
class BenefitRow:
    """A benefit in words."""

    rule: str
    name: str
    does: str
    tag: str
    held: bool
    since: str
    why: str
    awaits: str


@dataclass(frozen=True, slots=True)
class TrackRow:
    """A track in words; `given` are its benefits with whether they are held and what they await."""

    rule: str
    name: str
    holds: bool
    step: str
    since: str
    rows: tuple[AnswerRow, ...]
    steps: tuple[tuple[str, str, bool, tuple[AnswerRow, ...]], ...]
    given: tuple[tuple[str, bool, str], ...]


def does() -> dict[str, str]:
    """What each benefit does, for who has not heard of it."""
    return {
        "programme_boost": _("搜索结果里货品排序大幅前移。"),
        "result_slot": _("搜索结果页插入的固定展示位。"),
        "secured_traffic": _("开通诚e赊后，货品进入诚e赊专属流量。"),
        "account_manager": _("平台小二一对一跟进。"),
        "venue_no_review": _("伙拼、疯狂店促报名免审，有机会上黄金位置。"),
        "trade_fairs": _("部分行业线下展会的参展名额。"),
        "recommended_venue": _("手机端“好商推荐”会场的席位。"),
        "paid_traffic": _("KA 商家专享的商业流量包。"),
        "seed_seller": _("作为种子优商推荐给各横向市场。"),
        "strong_seller_slot": _("搜索页“实力商家”位置先展示您的货品。"),
        "premium_slots": _("行业频道“优品推荐”里的展示位。"),
        "core_seller_entry": _("报名核心商家活动不再人工审核。"),
        "courses": _("小二开设的运营课程，免费参加。"),
        "green_channel": _("活动报名单独排队，先处理。"),
        "venue_first_review": _("伙拼和店铺促销的报名优先审核。"),
        "home_words": _("首页导航、行业推荐和热搜词里展示店铺。"),
    }


def lacks() -> dict[Lacking, str]:
    """Why a benefit is not held, and what brings it."""
    return {
        Lacking.NO_MEMBER: _("成为通天商家后获得"),
        Lacking.WAITING: _("活动开始时获得"),
        Lacking.OVER: _("通天商家标已去除"),
        Lacking.NO_TRAFFIC: _("流量标已去除，下一个节点达标即恢复"),
        Lacking.COMING: _("正在发放"),
    }


@seller_page()
@require_safe
def benefits(request: HttpRequest) -> HttpResponse:
    """All benefits of a season and its nine tracks, as the company stands to them."""
    code = frame.followed(request)
    view = frame.entering(request) if code is None else None
    if code is None and view is None:
        return frame.none(request)
    code = code or frame.wanted(view).code
    found = benefit_board(actor_on(request), code)
    today = clock.today()
    lines = [_line(one, today) for one in found.lines]
    return frame.show(
        request,
        "seller/programme/benefits.html",
        code,
        title=wording.titled(found.season),
        code=code,
        found=found,
        tags=[
            (
                _("通天商家标") if tag is Tag.MEMBER else _("流量标"),
                held,
                _held_words(since, until, today),
            )
            for tag, held, since, until in found.tags
        ],
        groups=[
            (_("通天权益"), [line for line in lines if line.rule != OWN]),
            (_("行业权益"), [line for line in lines if line.rule == OWN]),
        ],
        held=found.held,
        many=len(lines),
        tracks=[_track(one, found.season, today) for one in found.tracks],
        tracks_held=sum(one.view.holds for one in found.tracks),
    )


def _line(one: BenefitLine, today: date) -> BenefitRow:
    rule = one.rule
    return BenefitRow(
        rule=rule.rule_id,
        name=wording.named(rule),
        does=does().get(rule.code, ""),
        tag=_("通天商家标") if rule.tag is Tag.MEMBER else _("流量标"),
        held=one.lacking is None,
        since=_held_words(one.since, one.until, today),
        why=lacks()[one.lacking] if one.lacking else "",
        awaits=_awaits(rule.awaits),
    )


def _awaits(code: str) -> str:
    return str(wording.AWAITS.get(code, code)) if code else ""


def _held_words(since: date | None, until: date | None, today: date) -> str:
    """`3月1日 起`, `3月1日 – 3月15日`; empty for what was never held."""
    if since is None:
        return ""
    first = day_text(since, today)
    if until is None:
        return _("{day} 起").format(day=first)
    return _("{first} – {last}，已结束").format(
        first=first, last=day_text(until - timedelta(days=1), today)
    )


def _track(one: TrackLine, season: Season, today: date) -> TrackRow:
    view = one.view
    track = view.track
    given = len(view.benefits)
    return TrackRow(
        rule=track.rule_id,
        name=wording.named(track),
        holds=view.holds,
        step=wording.named(view.step) if view.step else "",
        since=_held_words(one.since, one.until, today),
        rows=tuple(frame.rows_of(view.answers, season)),
        steps=tuple(
            (
                wording.named(line.step),
                _("权益 1–{count}").format(count=line.step.first),
                view.step == line.step,
                tuple(frame.rows_of(line.answers, season)),
            )
            for line in one.steps
        ),
        given=tuple(
            (wording.named(benefit), place < given, _awaits(benefit.awaits))
            for place, benefit in enumerate(track.benefits)
        ),
    )
