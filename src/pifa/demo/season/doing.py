"""What people do in the season that is played, each with what it came to and by which rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.translation import override

from pifa.benefits import queries as benefits
from pifa.demo.season.market import REVENUE, Market
from pifa.demo.season.told import Said, Words, refused, say
from pifa.demo.selling import By
from pifa.integrity import commands as integrity
from pifa.kernel import clock
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money
from pifa.programme import commands, shelf
from pifa.programme.errors import BelowFloor, GatesShut, WayShut
from pifa.programme.models import Appeal, Enrolment, Membership, Verdict
from pifa.programme.queries import figures
from pifa.programme.queries.dashboard import dashboard
from pifa.programme.queries.tracks import figures_of, tracks_of
from pifa.programme.rules.calendar import Shut, dashboard_from
from pifa.programme.rules.entry import entry_answers
from pifa.programme.rules.season import Stage
from pifa.programme.states import EnrolmentState

Does = Callable[[Market], Said]

CODE = "march-2018"

_ENROLMENT, _REHEARSAL = Words("报名", "Enrolment"), Words("彩排报名", "Rehearsal sign-up")

_WAY_RULES = {
    Shut.NO_REHEARSAL: "CAL-RETURNING",
    Shut.NOT_PASSED: "CAL-SAME-ROUND",
    Shut.OTHER_ROUND: "CAL-SAME-ROUND",
    Shut.FROZEN: "CHECK-FREEZE",
    Shut.BARRED: "FAIR-BRUSHING",
}


def _refusal(error: DomainError, what: Words, phase: str) -> Said:
    """A refusal with the rules that it goes by; `phase` is the rule of the calendar's own."""
    rules: list[str] = []
    if isinstance(error, WayShut):
        rules = [_WAY_RULES.get(error.way.shut, phase) if error.way.shut else phase]
    elif isinstance(error, GatesShut):
        rules = str(error.figures["rules"]).split("、")
    elif isinstance(error, BelowFloor):
        rules = ["ENTRY-TARGETS"]
    return refused(error, what, rules)


def rehearses(who: str, code: str, *, enough: bool = True) -> Does:
    def does(market: Market) -> Said:
        try:
            found = market.rehearse(who, code, enough=enough)
        except DomainError as error:
            return _refusal(error, _REHEARSAL, "CAL-REHEARSAL")
        season = shelf.season_of(found.season)
        known = figures.rehearsal_progress(season, season.round(found.round), found.company_id)
        missing = [one.asked.rule_id for one in known.answers if not one.holds]
        day = dashboard_from(clock.today()).isoformat()
        if missing:
            return say(
                f"彩排中，还差 {len(missing)} 项；彩排看板 {day} 起可看",
                f"Rehearsing, {len(missing)} conditions are missing; its dashboard from {day}",
                *missing,
            )
        held = [one.asked.rule_id for one in known.answers]
        return say(
            f"彩排通过；彩排看板 {day} 起可看",
            f"Rehearsal passed; its dashboard from {day}",
            *held,
            "CAL-DASHBOARD",
        )

    return does


def enrols(
    who: str, code: str, exception: str = "", *, month: int = 0, revenue: Money = REVENUE
) -> Does:
    def does(market: Market) -> Said:
        target = {"month": Money(month * 100)} if month else {}
        try:
            enrolment = market.enrol(who, code, exception, revenue=revenue, **target)
        except DomainError as error:
            return _refusal(error, _ENROLMENT, "CAL-ENROLMENT")
        return _approves(market, enrolment)

    return does


def _approves(market: Market, enrolment: Enrolment) -> Said:
    state = market.approve(enrolment, "资质齐全")
    title = (enrolment.season.title, enrolment.season.title_en)
    if enrolment.exception:
        states = [EnrolmentState(one) for one in (state, market.approve(enrolment, "同意", 1))]
        with override("zh-hans"):
            zh = " → ".join(str(one.label) for one in states)
        with override("en"):
            en = " → ".join(str(one.label) for one in states)
        return say(f"申请特批：{zh}", f"Exception: {en}", "ENTRY-EXCEPTION")
    weighed = _references(enrolment)
    rules = ["CAL-RETURNING" if enrolment.entry == "returning" else "CAL-ENROLMENT", *weighed]
    besides = ("，参考项不足", ", references fall short") if weighed else ("", "")
    entry = Words("老通天" if enrolment.entry == "returning" else "新通天", enrolment.entry)
    return say(
        f"报名《{title[0]}》通过（{entry.zh}）{besides[0]}",
        f"Enrolled for {title[1]} ({entry.en}){besides[1]}",
        *rules,
    )


def _references(enrolment: Enrolment) -> list[str]:
    """The references that do not hold: a reviewer weighs them, they shut nobody out."""
    season = shelf.season_of(enrolment.season)
    known = figures.entry_figures(season, enrolment.company_id, clock.today())
    known["yearly_revenue"] = enrolment.declared_fen
    found = entry_answers(season, Stage.ENROLMENT, known, enrolment.department)
    return [one.asked.rule_id for one in found if not one.holds and not one.shuts]


def infringes(who: str) -> Does:
    """It enrols, a reviewer finds a grave infringement and refuses."""

    def does(market: Market) -> Said:
        enrolment = market.enrol(who, CODE)
        words = "法院判决书（2017）浙 01 民终 88 号"
        commands.note_evidence(market.staff[0], enrolment.pk, "grave_ip", 1, words)
        reason = "有严重知识产权侵权"
        commands.decide(market.staff[0], enrolment.pk, approve=False, reason=reason)
        return say(
            f"报名被驳回：{reason}", "Enrolment refused: grave infringement of IP", "ENTRY-IP"
        )

    return does


def rated(who: str, medal: int) -> Does:
    def does(market: Market) -> Said:
        market.rate(who, medal=medal, tier=1)
        return say(f"升为 {medal}A 勋章", f"Rises to medal {medal}A", "ENTRY-MEDAL")

    return does


def punished(who: str, points: int) -> Does:
    def does(market: Market) -> Said:
        market.punish(who, points)
        return say(f"扣 {points} 分", f"Gets {points} penalty points", "ENTRY-PENALTIES")

    return does


def sells(who: str, yuan: int) -> Does:
    def does(market: Market) -> Said:
        market.sell(who, yuan)
        return say(f"成交 {Money(yuan * 100)}", f"Sells {Money(yuan * 100)}")

    return does


def sells_on_credit(who: str, yuan: int, buyer: int) -> Does:
    def does(market: Market) -> Said:
        market.grant_credit(who, yuan, buyer)
        market.sell(who, yuan, buyer, By.CREDIT)
        amount = Money(yuan * 100)
        return say(f"账期成交 {amount}，28 日还款", f"Sells {amount} on credit, due on the 28th")

    return does


def repaid(buyer: int) -> Does:
    def does(market: Market) -> Said:
        market.repay(buyer)
        return say("买家按账期还款", "A buyer pays what is due")

    return does


def invites(who: str, yuan: int, until: date) -> Does:
    def does(market: Market) -> Said:
        market.invite(who, yuan, until)
        amount = Money(yuan * 100)
        return say(
            f"发起订单 {amount}，约定 28 日付款", f"Invites to {amount}, to be paid on the 28th"
        )

    return does


def pays_invited(who: str, buyer: int) -> Does:
    def does(market: Market) -> Said:
        market.pay_invited(who, buyer)
        return say("约定的订单全部付款", "All that was invited to is paid")

    return does


def marker(who: str, code: str) -> Does:
    """How a member stands to a marker now."""

    def does(market: Market) -> Said:
        actor = market.sellers[who]
        seen = dashboard(actor, actor.company_id or 0, CODE)
        view = next(one for one in seen.markers if one.marker.code == code)
        state = Words("已达到", "reached") if view.reached else Words("未达到", "not reached")
        words = Words(f"{view.marker.name}：{state.zh}", f"{view.marker.name_en}: {state.en}")
        return Said(words, ("CHECK-MARKERS",), view.measured_fen, view.asked_fen)

    return does


def holds(who: str) -> Does:
    """Which of the programme's benefits a member holds now, by their rules."""

    def does(market: Market) -> Said:
        held = benefits.held(market.sellers[who].company_id or 0)
        found = {one.rule_id for one in held if one.rule_id.startswith("BENEFIT-")}
        rules = sorted(found, key=lambda rule: (len(rule), rule))
        return say(f"持有 {len(rules)} 类权益", f"Holds benefits of {len(rules)} rules", *rules)

    return does


def marked(who: str, codes: tuple[str, ...]) -> Does:
    def does(market: Market) -> Said:
        for code in codes:
            commands.mark(market.staff[0], market.sellers[who].company_id or 0, code, "行业推荐")
        return say(f"小二登记 {len(codes)} 项资格", f"Operators note {len(codes)} qualifications")

    return does


def tracks(who: str) -> Does:
    """The tracks that a member has reached, and what it lacks for the others."""

    def does(market: Market) -> Said:
        company_id = market.sellers[who].company_id or 0
        row = shelf.row_of(CODE)
        members = Membership.objects.filter(company=company_id, season=row)
        known = figures_of(row, members, clock.today())[company_id]
        views = tracks_of(row, known, members.get().department)
        held = [one.track for one in views if one.holds]
        lacks = [
            answer.asked.rule_id
            for one in views
            for answer in one.answers
            if not answer.holds and not one.holds
        ]
        zh = "、".join(track.name for track in held) or "无"
        en = ", ".join(track.name_en for track in held) or "none"
        rules = [*(track.rule_id for track in held), *(f"!{rule}" for rule in lacks)]
        return say(f"横向市场：{zh}", f"Tracks: {en}", *rules)

    return does


def brushes(market: Market) -> Said:
    market.ruled["brushing"] = market.sell("brushing", 260_000)
    return say(f"一笔大单 {Money.yuan('260000')}", f"One large order, {Money.yuan('260000')}")


def ruled(market: Market) -> Said:
    integrity.rule_brushing(market.staff[0], market.ruled["brushing"], "物流单号为空包。")
    return say(
        "裁定速发五金的大单为虚假交易", "The large order is ruled as brushing", "FAIR-BRUSHING"
    )


def appeals(who: str) -> Does:
    """It says something against its verdict of the peak day."""

    def does(market: Market) -> Said:
        company_id = market.sellers[who].company_id
        verdict = Verdict.objects.get(
            membership__company=company_id, run__code="CHECK-PEAK", run__season__code=CODE
        )
        commands.appeal(market.sellers[who], verdict.pk, "银行系统 28 日晚维护，款项次日才到。")
        return say("对大促当日的考核提出申诉", "Appeals against the peak day", "FAIR-APPEAL")

    return does


def dismisses(market: Market) -> Said:
    made = Appeal.objects.get()
    answer = "银行确认当晚没有维护。"
    commands.decide_appeal(market.staff[1], made.pk, uphold=False, answer=answer)
    return say("驳回恒力五金的申诉", "The appeal of 恒力五金 is dismissed", "FAIR-APPEAL")
