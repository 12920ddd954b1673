"""The collection code (收钱码): anybody pays a company by its code, straight into its balance.

Nobody has to be known to pay. The code is unguessable; who has it learns the company's name. It
needs the benefit each time: without it the code stands still. It counts in no metric.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pifa.benefits import queries as benefits
from pifa.benefits.labels import COLLECTION_CODE, label_of
from pifa.finance import policies, queries, words
from pifa.finance.commands import paying
from pifa.finance.commands.debts import pay_debt
from pifa.finance.commands.locking import lock_payable
from pifa.finance.commands.payables import NewPayable, close_payable, open_payables
from pifa.finance.commands.paying import PaymentStart
from pifa.finance.commands.paying_out import refund
from pifa.finance.errors import (
    BenefitNotHeld,
    CollectionPaused,
    CollectionTooLarge,
    TooManyCollections,
)
from pifa.finance.events import COLLECTION_DEADLINE, COLLECTION_SUBJECT, Collected
from pifa.finance.methods import registry as methods
from pifa.finance.models import Collection, CollectionCode, Payable
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM, Actor
from pifa.kernel.errors import InvalidInput, NotFound
from pifa.kernel.events import emit
from pifa.kernel.ids import public_number
from pifa.kernel.money import Money
from pifa.ledger import commands as ledger
from pifa.ledger import queries as books
from pifa.ledger import rules as postings
from pifa.ledger.errors import InsufficientBalance
from pifa.ledger.rules import AccountKind, TransferKind
from pifa.ledger.words import account as account_words
from pifa.parties import text
from pifa.parties.models import Company

TOKEN_BYTES = 24
"""192 random bits: nobody finds a code by trying."""

COUNTED = timedelta(minutes=10)
"""Over which span tries to pay are counted."""


def renew_collection_code(actor: Actor) -> None:
    """Make the company's code, or a new one in the place of the old, which is dead from then on.

    Owner or finance role; `BenefitNotHeld` without the benefit.
    """
    company_id = policies.handles_money(actor)
    if benefits.grant_of(company_id, COLLECTION_CODE) is None:
        raise BenefitNotHeld(benefit=label_of(COLLECTION_CODE))
    with transaction.atomic():
        _lock_company(company_id)
        _end_code(company_id)
        CollectionCode.objects.create(
            company_id=company_id, token=secrets.token_urlsafe(TOKEN_BYTES), made_at=clock.now()
        )
        audit.record(actor, "collection.renew", f"company:{company_id}")


def close_collection_code(actor: Actor) -> None:
    """Let nobody pay by the company's code any more; owner or finance role."""
    company_id = policies.handles_money(actor)
    with transaction.atomic():
        _lock_company(company_id)
        if _end_code(company_id):
            audit.record(actor, "collection.close", f"company:{company_id}")


def start_collection(
    token: str, amount: Money, note: str, caller: str, method: str = "", channel: str = ""
) -> PaymentStart:
    """Begin to pay by a code: an amount, and a note of at most 60 characters for the company.

    `method` is one that anybody can pay by (the first unless named), `channel` one of its.
    `caller` is where the payer calls from (an address of the network). `NotFound` for a code
    that is not alive, `CollectionPaused`, `CollectionTooLarge`, and `TooManyCollections` when
    one caller, or all with one code, begin too often.
    """
    note = text.line(note, "note", _("留言"), 60, shortest=0)
    method = _method(method)
    limit = Money(settings.MARKET["collection_limit_fen"])
    if not 0 < amount.fen <= limit.fen:
        raise CollectionTooLarge("amount", amount=amount, limit=limit)
    with transaction.atomic():
        code = CollectionCode.objects.filter(token=token, ended_at=None).first()
        if code is None:
            raise NotFound
        if benefits.grant_of(code.company_id, COLLECTION_CODE) is None:
            raise CollectionPaused
        origin = _digest(caller)
        _check_tries(code, origin)
        number = public_number("Q")
        subject = COLLECTION_SUBJECT + number
        title = words.collection_title(queries.public_name(code.company_id))
        open_payables([NewPayable(subject, None, code.company_id, amount.fen, title)])
        payable = lock_payable(subject)
        Collection.objects.create(
            number=number, code=code, payable=payable, note=note, origin=origin, at=clock.now()
        )
        hours = timedelta(hours=settings.MARKET["collection_hours"])
        deadlines.set_new([(COLLECTION_DEADLINE, subject, clock.now() + hours)])
        return paying.begin(SYSTEM, payable, method, channel=channel)


def arrived(subject: str) -> None:
    """The money of a collection came: it is the company's at once."""
    payable = lock_payable(subject)
    amount = Money(payable.settled_fen)
    key = f"release:{subject}"
    ledger.transfer(
        key, TransferKind.COLLECTION, postings.collected(subject, payable.payee_id, amount)
    )
    Payable.objects.filter(pk=payable.pk).update(released_fen=amount.fen)
    pay_debt(payable.payee_id, key)
    deadlines.clear(subject, COLLECTION_DEADLINE)
    collection = Collection.objects.get(payable=payable)
    emit(
        Collected(
            company_id=payable.payee_id,
            number=collection.number,
            amount_fen=amount.fen,
            note=collection.note,
        )
    )


def refund_collection(
    actor: Actor, number: str, amount: Money, reason: str, key: str | None = None
) -> None:
    """Send money that came by the company's code back to who paid it, all of it or a part.

    Owner or finance role; from the company's balance only. Once for a key (for repeated
    requests). `NotFound` for what did not come to this company; `RefundTooLarge` beyond what came
    and was not sent back, `InsufficientBalance` beyond the balance.
    """
    company_id = policies.handles_money(actor)
    reason = text.line(reason, "reason", _("退款原因"), 200, shortest=0)
    subject = COLLECTION_SUBJECT + number
    settled = Payable.objects.filter(subject=subject, payee=company_id, state="settled")
    if not settled.exists():
        raise NotFound
    refund_key = f"{subject}:{key or uuid4().hex}"
    with transaction.atomic():
        payable = lock_payable(subject)
        left = Money(payable.settled_fen - payable.refunded_fen)
        if not books.is_written(f"refund:{refund_key}") and amount <= left:
            _require_balance(company_id, amount)
        if refund(subject, amount, refund_key, reason).amount:
            audit.record(actor, "collection.refund", subject, amount_fen=amount.fen, reason=reason)


def _require_balance(company_id: int, amount: Money) -> None:
    """A refund that the company makes of its own will leaves its deposit alone."""
    balance = ledger.lock_company(company_id)[AccountKind.BALANCE]
    if amount > balance:
        raise InsufficientBalance(
            account=account_words(AccountKind.BALANCE), balance=balance, needed=amount
        )


def expire(subject: str) -> None:
    """Nobody paid what was begun: money that still comes goes back."""
    with transaction.atomic():
        if lock_payable(subject).state == Payable.State.OPEN:
            close_payable(subject)


def _method(wanted: str) -> str:
    offered = [method.code for method in methods.online()]
    if not offered:
        raise CollectionPaused
    if wanted and wanted not in offered:
        raise InvalidInput(field="method", reason=_("请选择列出的付款方式。"))
    return wanted or offered[0]


def _lock_company(company_id: int) -> None:
    Company.objects.select_for_update(no_key=True).get(pk=company_id)


def _end_code(company_id: int) -> int:
    alive = CollectionCode.objects.filter(company=company_id, ended_at=None)
    return alive.update(ended_at=clock.now())


def _check_tries(code: CollectionCode, origin: str) -> None:
    recent = Collection.objects.filter(at__gt=clock.now() - COUNTED)
    if (
        recent.filter(code=code).count() >= settings.MARKET["collection_tries_of_code"]
        or recent.filter(origin=origin).count() >= settings.MARKET["collection_tries_of_payer"]
    ):
        raise TooManyCollections


def _digest(caller: str) -> str:
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"collection:{caller}".encode(), hashlib.sha256).hexdigest()[:32]
