"""An order and its premium paid at once: one payable of both, laid out when its money is here.

Whoever pays an order that is to be insured goes to the bank once. The money becomes the payer's
balance for a moment; the order is paid from it in the same transaction, and the premium is taken
from what is left when the policy is written. An order that need not be paid any more leaves it there.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Q, QuerySet

from pifa.finance.commands.arriving import settle
from pifa.finance.commands.debts import pay_debt
from pifa.finance.commands.locking import lock_payable, lock_payable_on_arrival
from pifa.finance.commands.payables import (
    NewPayable,
    change_amount,
    close_payable,
    open_payables,
)
from pifa.finance.commands.paying import PaymentStart, start_payment
from pifa.finance.commands.schedule import chosen_stage, waive_rest
from pifa.finance.events import TOGETHER_SUBJECT, SubjectsWanted
from pifa.finance.insurance.freight.events import FreightMoneyLeft
from pifa.finance.insurance.freight.models import FreightPolicy, FreightWish
from pifa.finance.insurance.freight.terms import wish_of
from pifa.finance.methods import registry as methods
from pifa.finance.methods.partner_bank.method import CODE as PARTNER_BANK
from pifa.finance.models import OPEN_STAGE, Payable, PayableStage, Payment
from pifa.finance.policies import may_pay
from pifa.finance.words import together_title
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.events import emit, notify_subscribers
from pifa.kernel.ids import public_number
from pifa.kernel.money import Money
from pifa.ledger import commands as ledger
from pifa.ledger import queries as books
from pifa.ledger import rules as postings
from pifa.ledger.rules import AccountKind, TransferKind

_AT_ONCE = frozenset({*methods.ONLINE, PARTNER_BANK})
"""Methods by which money comes for one payment: with them the premium comes too."""


def start_insured(
    actor: Actor,
    payable_number: str,
    method: str,
    part: int | None = None,
    channel: str = "",
    authorisation: str = "",
) -> PaymentStart:
    """Begin to pay as `start_payment` does; what is to be insured at the payer's cost is paid with
    its premium, in one payment: the last one, where it is paid in stages or parts. By other methods
    the premium comes from the balance."""
    payable = Payable.objects.filter(number=payable_number).first()
    wish = premium_open(payable.subject) if payable and method in _AT_ONCE else None
    if payable is None or wish is None or not is_last(payable.subject, part):
        return start_payment(actor, payable_number, method, part, channel, authorisation)
    may_pay(actor, payable)
    together = _open(payable, wish)
    return start_payment(actor, together, method, None, channel, authorisation)


def premium_open(subject: str) -> FreightWish | None:
    """What the buyer took with a subject and has not paid for yet."""
    wish = wish_of(subject)
    insured = wish is None or FreightPolicy.objects.filter(covers=subject).exists()
    return None if insured else wish


def is_last(subject: str, part: int | None = None) -> bool:
    """Whether one stage of a subject's payable (the `part` at a position) is all that is still to
    be paid: its payment takes the premium with it."""
    open_ = PayableStage.objects.filter(OPEN_STAGE, payable__subject=subject)
    positions = list(open_.values_list("position", flat=True)[:2])
    return len(positions) == 1 and part in (None, *positions)


def order_of(subject: str) -> str:
    """The subject that a payment of both is for (`order:<number>`)."""
    return "order:" + subject.split(":")[1]


def lock_for(subject: str) -> None:
    """Lock what the money will be laid out on, and its own payable, in the one order."""
    wanted = order_of(subject)
    notify_subscribers(SubjectsWanted(subjects=(wanted,)))
    rows = Payable.objects.filter(subject__in=[wanted, subject]).order_by("pk")
    locked = {row.subject: row for row in rows.select_for_update(no_key=True)}
    # A refund between the same two holds the accounts of both, by id.
    ledger.lock_company(locked[wanted].payee_id, locked[wanted].payer_id)


def arrived(subject: str, amount: Money) -> None:
    """Money for both is in escrow: it becomes the payer's, and the order is paid from it, in this
    transaction. The locks of `lock_for` are held."""
    payable = lock_payable(subject)
    assert payable.payer_id is not None
    nth = payable.payments.filter(state=Payment.State.SUCCEEDED).count()
    key = f"allocation:{payable.number}/{nth}"
    legs = postings.passed_on(subject, payable.payee_id, payable.payer_id, amount)
    ledger.transfer(key, TransferKind.ALLOCATION, legs)
    Payable.objects.filter(pk=payable.pk).update(released_fen=F("released_fen") + amount.fen)
    if payable.state == Payable.State.SETTLED:
        wish = FreightWish.objects.get(covers=order_of(subject))
        whole = Money(payable.settled_fen)
        goods = whole - Money(wish.premium_fen)
        if not _pay_from_balance(lock_payable(wish.covers), goods, subject):
            left = FreightMoneyLeft(
                subject=wish.covers, payer_id=payable.payer_id, amount_fen=whole.fen
            )
            emit(left)
    pay_debt(payable.payer_id, key)


def close_waiting(subject: str) -> None:
    """A subject is paid or over: what was to be paid with its premium is not wanted any more, and
    money that still comes goes back. The caller has locked the subject's own row."""
    for waiting in _of(subject).filter(state=Payable.State.OPEN):
        # Of one that was paid in part the rest need not be paid: the part is on the balance.
        waive_rest(waiting.subject) if waiting.settled_fen else close_payable(waiting.subject)


def _of(subject: str) -> QuerySet[Payable]:
    own = TOGETHER_SUBJECT + subject.partition(":")[2]
    return Payable.objects.filter(Q(subject=own) | Q(subject__startswith=f"{own}:"))


def _open(payable: Payable, wish: FreightWish) -> str:
    """The payable of both, opened or with the amount of now; its number."""
    with transaction.atomic():
        locked = lock_payable_on_arrival(payable.subject)
        amount = Money(chosen_stage(locked, None).amount_fen + wish.premium_fen)
        rows = _of(payable.subject)
        waiting = rows.filter(state=Payable.State.OPEN).first()
        if waiting is not None:
            if not waiting.settled_fen:
                change_amount(waiting.subject, amount)
            return waiting.number
        before = rows.count()
        subject = TOGETHER_SUBJECT + payable.subject.partition(":")[2]
        subject = f"{subject}:{before + 1}" if before else subject
        title = together_title(payable.title)
        return open_payables(
            [NewPayable(subject, wish.buyer_id, wish.buyer_id, amount.fen, title)]
        )[0]


def _pay_from_balance(payable: Payable, amount: Money, brought: str) -> bool:
    """Settle an order with the payer's money, if it still asks for exactly so much; the receipt
    names the subject that `brought` it, by whose way a refund goes back."""
    open_ = list(PayableStage.objects.filter(OPEN_STAGE, payable=payable))
    assert payable.payer_id is not None
    if books.balance(payable.payer_id, AccountKind.BALANCE) < amount:
        return False  # it was paid in parts, and a debt or another order took the first of them
    closed = payable.state != Payable.State.OPEN
    if closed or payable.blocked or [stage.amount_fen for stage in open_] != [amount.fen]:
        return False
    payment = Payment.objects.create(
        number=public_number("P"),
        payable=payable,
        stage=open_[0],
        method="balance",
        amount_fen=amount.fen,
        started_at=clock.now(),
    )
    settle(payable, payment, brought)
    return True
