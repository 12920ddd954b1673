"""The seller's money: asked for on the due day, or before it by the seller."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from pifa.finance import policies
from pifa.finance.commands.locking import lock_payable_on_arrival
from pifa.finance.financiers import registry as financiers
from pifa.finance.financiers.protocol import Claim
from pifa.finance.methods.secured import rules, standing, words
from pifa.finance.methods.secured.book import rates
from pifa.finance.methods.secured.errors import NotCollectable, SecuredNotJoined
from pifa.finance.methods.secured.events import SecuredAsked
from pifa.finance.methods.secured.models import SecuredPayout, SecuredReceivable
from pifa.finance.methods.secured.states import CLAIM, ClaimState, claim_state
from pifa.finance.methods.trade_credit.rules import days_overdue
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM, Actor
from pifa.kernel.errors import DomainError, InvalidInput, NotFound
from pifa.kernel.events import emit
from pifa.kernel.ids import number_of, public_number
from pifa.kernel.money import Money
from pifa.parties import queries as parties

DEADLINE = "secured.pay"
"""The financier pays a claim; the deadline's subject is `claim_subject` of the payable's: an order
that ends drops what is due of its own subject, and this is not."""

_CLAIM = "secured-claim:"

PAUSE = timedelta(minutes=10)
"""After which a financier that did not pay what is due is asked again."""

MOST_AT_ONCE = 100
"""How many receivables a seller may ask for at once."""

Kind, Early = SecuredPayout.Kind, SecuredReceivable.Early


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of a request for one receivable, by its subject: the payout, or why not."""

    subject: str
    payout: str = ""
    error: DomainError | None = None


@dataclass(frozen=True, slots=True)
class EarlyQuote:
    """What collecting a receivable today would cost."""

    amount: Money
    days: int
    early_fee: Money
    service_fee: Money

    @property
    def arrives(self) -> Money:
        """What reaches the seller's balance."""
        return self.amount - self.early_fee - self.service_fee


def collect_early(actor: Actor, subjects: Sequence[str]) -> list[Asked]:
    """Ask the financier to pay receivables before their day; owner or finance role of the seller.

    One that cannot be asked for says why (`NotCollectable`, `NotFound`), the others go; each in a
    transaction of its own. `InvalidInput` for none or too many.
    """
    seller_id = policies.handles_money(actor)
    wanted = list(dict.fromkeys(subjects))
    if not 1 <= len(wanted) <= MOST_AT_ONCE:
        reason = _("请选择 1 到 {most} 笔应收账款。").format(most=MOST_AT_ONCE)
        raise InvalidInput(field="orders", reason=reason)
    answers = []
    for subject in wanted:
        try:
            with transaction.atomic():
                answers.append(Asked(subject, _ask_early(actor, seller_id, subject)))
        except DomainError as error:
            answers.append(Asked(subject, error=error))
    return answers


def quote(row: SecuredReceivable, early_rate: Decimal) -> EarlyQuote:
    """What collecting a receivable today costs; it must be received."""
    assert row.due_on is not None
    amount = Money(row.claim_fen)
    days = rules.days_early(row.due_on, clock.today())
    return EarlyQuote(
        amount,
        days,
        rules.early_fee(amount, early_rate, days),
        rules.service_fee(amount, row.service_rate),
    )


def claim_subject(subject: str) -> str:
    """What the deadline of a payable's claim is about."""
    return _CLAIM + subject


def expect(row: SecuredReceivable) -> None:
    """A claim of a locked receivable will be paid: on its due day, or now if that is behind."""
    assert row.due_on is not None
    moment = max(clock.now(), clock.start_of_day(row.due_on))
    deadlines.set_deadline(DEADLINE, claim_subject(row.payable.subject), moment)


def expect_again(row: SecuredReceivable) -> None:
    """A claim that is due was not paid: it is asked for again after `PAUSE`."""
    deadlines.set_deadline(DEADLINE, claim_subject(row.payable.subject), clock.now() + PAUSE)


def pay_when_due(subject: str) -> None:
    """The due day of a claim is here: the financier is asked to pay it, whatever the buyer did.

    One for which it is asked already is left to its answer.
    """
    with transaction.atomic():
        row = _locked(subject.removeprefix(_CLAIM))
        if row.claim_fen and not _is_asked(row):
            ask_when_due(row)


def ask_when_due(row: SecuredReceivable) -> None:
    """Ask for what is claimed of a locked receivable on or after its due day."""
    amount = Money(row.claim_fen)
    fee = rules.service_fee(amount, row.service_rate)
    payout = SecuredPayout.objects.create(
        number=public_number("Y"),
        receivable=row,
        kind=Kind.DUE,
        amount_fen=amount.fen,
        service_fee_fen=fee.fen,
        asked_at=clock.now(),
    )
    audit.record(SYSTEM, "secured.due", row.payable.subject, payout=payout.number)
    _send(row, payout)


def _ask_early(actor: Actor, seller_id: int, subject: str) -> str:
    owner = SecuredReceivable.objects.filter(payable__subject=subject)
    if owner.values_list("seller", flat=True).first() != seller_id:
        raise NotFound
    row = _locked(subject)
    terms = rates()
    if terms is None:
        raise SecuredNotJoined
    state = claim_state(row)
    why = _why_not(row, state)
    if why:
        number = number_of(subject)
        raise NotCollectable(number=number, why=words.not_collectable(why))
    CLAIM.check(state, "ask_early")
    cost = quote(row, terms.early_rate)
    payout = SecuredPayout.objects.create(
        number=public_number("Y"),
        receivable=row,
        kind=Kind.EARLY,
        amount_fen=cost.amount.fen,
        days=cost.days,
        early_rate=terms.early_rate,
        early_fee_fen=cost.early_fee.fen,
        service_fee_fen=cost.service_fee.fen,
        asked_at=clock.now(),
    )
    row.early = Early.REQUESTED
    row.save(update_fields=["early"])
    audit.record(
        actor, "secured.ask_early", subject, payout=payout.number, amount_fen=cost.amount.fen
    )
    emit(
        SecuredAsked(
            subject=subject,
            seller_id=seller_id,
            payout=payout.number,
            amount_fen=cost.amount.fen,
            fee_fen=(cost.early_fee + cost.service_fee).fen,
        )
    )
    _send(row, payout)
    return payout.number


def _why_not(row: SecuredReceivable, state: ClaimState) -> str:
    if state != ClaimState.WAITING:
        return state.value
    assert row.due_on is not None
    return "due" if row.due_on <= clock.today() or _is_asked(row) else ""


def _is_asked(row: SecuredReceivable) -> bool:
    return row.payouts.filter(state=SecuredPayout.State.REQUESTED).exists()


def _send(row: SecuredReceivable, payout: SecuredPayout) -> None:
    assert row.due_on is not None
    buyer_id = row.account.buyer_id
    cards = parties.cards([row.seller_id, buyer_id])
    late = standing.overdue_of(row.account_id)
    financiers.get(row.financier).ask(
        Claim(
            number=payout.number,
            seller=cards[row.seller_id].name,
            buyer=cards[buyer_id].name,
            amount=Money(payout.amount_fen),
            fee=Money(payout.early_fee_fen),
            due_on=row.due_on,
            early=payout.kind == Kind.EARLY,
            overdue_days=days_overdue(late[1], clock.today()) if late else 0,
        )
    )


def _locked(subject: str) -> SecuredReceivable:
    """A receivable with all that its payout will lock: the order, its payable, the account."""
    lock_payable_on_arrival(subject)
    rows = SecuredReceivable.objects.select_related("account", "payable")
    row = rows.get(payable__subject=subject)
    standing.account_of(row.account.buyer_id)
    return rows.get(pk=row.pk)
