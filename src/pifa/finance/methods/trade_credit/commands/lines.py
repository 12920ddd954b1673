"""A seller grants lines, changes, freezes and opens them; owner or finance role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from pifa.finance import policies
from pifa.finance.methods.trade_credit import rules
from pifa.finance.methods.trade_credit.commands import changes
from pifa.finance.methods.trade_credit.errors import LineExists, UnknownBuyer
from pifa.finance.methods.trade_credit.models import CreditChange, CreditLine
from pifa.finance.models import Payable
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput, NotFound, WrongState
from pifa.kernel.money import Money
from pifa.parties import queries as parties
from pifa.parties.text import clean_line
from pifa.relationships import queries as relationships

What = CreditChange.What


@dataclass(frozen=True, slots=True)
class LineDraft:
    """What a line is to be: its limit, and how it is settled (`CreditLine.Kind`, its number)."""

    limit: Money
    terms: str
    number: int


def grant_credit(actor: Actor, login: str, draft: LineDraft) -> CreditLine:
    """Let a buyer pay later from today on. `UnknownBuyer` unless it is a customer or has paid
    before, `LineExists`, `InvalidInput` for a limit or terms that cannot be."""
    seller_id = policies.handles_money(actor)
    check(draft)
    buyer_id = buyer_of(seller_id, login)
    with transaction.atomic():
        line, is_new = CreditLine.objects.get_or_create(
            seller_id=seller_id,
            buyer_id=buyer_id,
            defaults={
                "limit_fen": draft.limit.fen,
                "terms": draft.terms,
                "terms_number": draft.number,
                "terms_since": clock.today(),
                "granted_at": clock.now(),
            },
        )
        if not is_new:
            raise LineExists(field="login", login=login)
        changes.note(line, What.GRANT, actor=actor)
    return line


def change_credit(actor: Actor, line_id: int, draft: LineDraft) -> bool:
    """Change a line's limit and terms; the same again changes nothing. Whether its terms changed.

    A limit may be lowered below what is used: nothing more is then free. New terms hold from
    tomorrow on; what was received before is due as it was.
    """
    check(draft)
    with transaction.atomic():
        line = own_line(actor, line_id)
        other_terms = _other_terms(line, draft)
        _put(actor, line, draft)
    return other_terms


def freeze_credit(actor: Actor, line_id: int, reason: str) -> None:
    """Let nothing more be promised or shipped on a line; what is owed stays owed."""
    reason = _reason(reason)
    with transaction.atomic():
        line = own_line(actor, line_id)
        if line.frozen_at is not None:
            raise WrongState(state=_("已冻结"), verb=_("冻结"))
        _freeze(actor, line, reason)


def unfreeze_credit(actor: Actor, line_id: int) -> None:
    """Open a line that the seller froze. What is overdue still keeps it closed."""
    with transaction.atomic():
        line = own_line(actor, line_id)
        if line.frozen_at is None:
            raise WrongState(state=_("正常"), verb=_("解冻"))
        _unfreeze(actor, line)


def put_credit(actor: Actor, login: str, draft: LineDraft, frozen: str | None = None) -> str:
    """Grant a line, or change the one that is there: `created`, `changed` or `unchanged`.

    `frozen` is why it is to be frozen, empty if it is to be open; none leaves that as it is.
    """
    seller_id = policies.handles_money(actor)
    card = _card(login)
    check(draft)
    reason = _reason(frozen) if frozen else frozen
    with transaction.atomic():
        rows = CreditLine.objects.select_for_update(no_key=True)
        line = rows.filter(seller=seller_id, buyer=card).first()
        if line is None:
            line = grant_credit(actor, login, draft)
            _put_frozen(actor, line, reason)
            return "created"
        changed = _put(actor, line, draft)
        return "changed" if _put_frozen(actor, line, reason) or changed else "unchanged"


def own_line(actor: Actor, line_id: int) -> CreditLine:
    """A line of the actor's company as its seller, locked; `NotFound` for anybody else's."""
    seller_id = policies.handles_money(actor)
    rows = CreditLine.objects.select_for_update(no_key=True)
    line = rows.filter(pk=line_id, seller=seller_id).first()
    if line is None:
        raise NotFound
    return line


def check(draft: LineDraft) -> None:
    """`InvalidInput` for a limit or terms that cannot be meant."""
    if not 0 <= draft.limit.fen <= rules.MOST_FEN:
        words = _("额度须在 {least} 到 {most} 之间。")
        reason = words.format(least=Money(0), most=Money(rules.MOST_FEN))
        raise InvalidInput(field="limit", reason=reason)
    try:
        rules.Terms(rules.TermKind(draft.terms), draft.number, clock.today())
    except ValueError as error:
        words = _("结算日须为 1 到 31，收货后天数须为 1 到 {most}。")
        reason = words.format(most=rules.MOST_DAYS)
        raise InvalidInput(field="number", reason=reason) from error


def buyer_of(seller_id: int, login: str) -> int:
    """The company of a login, if the seller knows it; `UnknownBuyer` otherwise."""
    buyer_id = _card(login)
    paid = Payable.objects.filter(payee=seller_id, payer=buyer_id, settled_fen__gt=0)
    known = relationships.related(seller_id, buyer_id) or paid.exists()
    if buyer_id == seller_id or not known:
        raise UnknownBuyer(field="login", login=login)
    return buyer_id


def _card(login: str) -> int:
    try:
        return parties.company_by_login(login.strip()).id
    except NotFound as error:
        raise UnknownBuyer(field="login", login=login) from error


def _put(actor: Actor, line: CreditLine, draft: LineDraft) -> bool:
    other_terms = _other_terms(line, draft)
    if not other_terms and line.limit_fen == draft.limit.fen:
        return False
    line.limit_fen = draft.limit.fen
    line.over_fen = max(0, line.used_fen - line.limit_fen)
    if other_terms:
        line.terms, line.terms_number = draft.terms, draft.number
        line.terms_since = clock.today() + timedelta(days=1)
    line.save(update_fields=["limit_fen", "over_fen", "terms", "terms_number", "terms_since"])
    changes.note(line, What.CHANGE, actor=actor)
    return True


def _other_terms(line: CreditLine, draft: LineDraft) -> bool:
    return (line.terms, line.terms_number) != (draft.terms, draft.number)


def _reason(words: str) -> str:
    reason = clean_line(words)
    if not 0 < len(reason) <= 200:
        raise InvalidInput(field="reason", reason=_("请填写冻结原因，200 字以内。"))
    return reason


def _put_frozen(actor: Actor, line: CreditLine, reason: str | None) -> bool:
    if reason is None or reason == line.frozen_reason:
        return False
    if reason:
        _freeze(actor, line, reason)
    else:
        _unfreeze(actor, line)
    return True


def _freeze(actor: Actor, line: CreditLine, reason: str) -> None:
    line.frozen_at, line.frozen_reason = clock.now(), reason
    line.save(update_fields=["frozen_at", "frozen_reason"])
    changes.note(line, What.FREEZE, reason, actor)


def _unfreeze(actor: Actor, line: CreditLine) -> None:
    line.frozen_at, line.frozen_reason = None, ""
    line.save(update_fields=["frozen_at", "frozen_reason"])
    changes.note(line, What.UNFREEZE, actor=actor)
