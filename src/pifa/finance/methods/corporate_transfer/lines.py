"""A bank line is taken: booked once, and what it pays is decided and done.

The bank may tell of a line as often as it likes, by its feed and by sheets: it is one line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from pifa.finance.banks import registry as banks
from pifa.finance.banks.protocol import LineNotice
from pifa.finance.commands import attention
from pifa.finance.errors import BadSignature, MalformedNotice
from pifa.finance.methods.corporate_transfer import dues, matching
from pifa.finance.methods.corporate_transfer.accounts import account_of
from pifa.finance.methods.corporate_transfer.events import MATCH_DEADLINE
from pifa.finance.methods.corporate_transfer.models import BankLine, VirtualAccount
from pifa.finance.methods.corporate_transfer.rules import (
    Decision,
    Why,
    decide,
    legal_key,
    numbers_in,
    plain_number,
)
from pifa.finance.rules import Verdict
from pifa.kernel import clock, deadlines
from pifa.kernel.ids import public_number
from pifa.ledger import commands as ledger
from pifa.ledger import rules as postings
from pifa.ledger.rules import TransferKind
from pifa.parties import queries as parties

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Known:
    """How a line stands to those that are booked: the one it is, or None for a new one.

    `contradicts`: it has the id of a line that says something else.
    """

    line: BankLine | None
    contradicts: bool = False


def receive_line(bank: str, payload: Mapping[str, Any], signature: str) -> Verdict:
    """Take a partner bank's word about a line, once.

    SETTLED: booked (what is not certain of it waits in suspense). REPEATED changes nothing;
    CONTRADICTS has a known id and other words: kept for an operator, nothing is posted.
    """
    adapter = banks.get(bank)
    try:
        notice = adapter.verify(payload, signature)
    except BadSignature:
        return attention.keep_unbelieved(bank, payload, signature, Verdict.BAD_SIGNATURE)
    except MalformedNotice:
        return attention.keep_unbelieved(bank, payload, signature, Verdict.MALFORMED)
    verdict = take(bank, notice, BankLine.Source.FEED)
    if verdict is Verdict.CONTRADICTS:
        return attention.keep_unbelieved(bank, payload, signature, verdict)
    return verdict


def take(bank: str, notice: LineNotice, source: str, ordinal: int = 1) -> Verdict:
    """Book a line and do what is certain; `ordinal` is its place among lines of the same words,
    where the bank gives it no id."""
    for _try in range(_TRIES):
        try:
            with transaction.atomic():
                known = find(bank, notice, ordinal)
                if known.contradicts:
                    return Verdict.CONTRADICTS
                if known.line is not None:
                    _adopt(known.line, notice)
                    number = known.line.number
                else:
                    number = _book(bank, notice, source, ordinal)
        except IntegrityError:
            # The same line was booked at this moment: look again.
            continue
        matching.carry_out(number)
        return Verdict.REPEATED if known.line is not None else Verdict.SETTLED
    raise RuntimeError(f"the line {notice.line_no} could not be booked")


def find(bank: str, notice: LineNotice, ordinal: int) -> Known:
    """The line that this is, if it is booked.

    By the bank's id; else by its words: a line with an id is also one that a sheet without ids
    told of before, and a line without one the n-th of the same words.
    """
    rows = BankLine.objects.filter(bank=bank)
    digest = digest_of(notice)
    if notice.line_no is None:
        return Known(rows.filter(digest=digest, ordinal=ordinal).first())
    same = rows.filter(line_no=notice.line_no).first()
    if same is not None:
        return Known(same, contradicts=_contradicts(same, notice))
    return Known(rows.filter(digest=digest, line_no=None).order_by("ordinal").first())


def digest_of(notice: LineNotice) -> str:
    """What a line says, in short; how it was written (width, spaces) does not count."""
    words = (
        plain_number(notice.account_no),
        plain_number(notice.payer_account),
        legal_key(notice.payer_name),
        str(notice.amount.fen),
        notice.value_day.isoformat(),
        legal_key(notice.remark),
    )
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def _contradicts(line: BankLine, notice: LineNotice) -> bool:
    """Whether the bank tells of a line otherwise than before; a sheet may say less in words."""
    return (
        line.amount_fen != notice.amount.fen
        or line.value_day != notice.value_day
        or plain_number(line.account_no) != plain_number(notice.account_no)
        or plain_number(line.payer_account) != plain_number(notice.payer_account)
    )


def _adopt(line: BankLine, notice: LineNotice) -> None:
    """A line that a sheet told of without an id has one now."""
    if line.line_no is None and notice.line_no is not None:
        BankLine.objects.filter(pk=line.pk, line_no=None).update(line_no=notice.line_no)


def _book(bank: str, notice: LineNotice, source: str, ordinal: int) -> str:
    digest = digest_of(notice)
    if notice.line_no is not None:
        same = BankLine.objects.filter(bank=bank, digest=digest)
        ordinal = (same.aggregate(last=Max("ordinal"))["last"] or 0) + 1
    account = account_of(notice.account_no)
    decision = _decide(account, notice)
    line = BankLine.objects.create(
        number=public_number("L"),
        bank=bank,
        line_no=notice.line_no,
        digest=digest,
        ordinal=ordinal,
        account_no=notice.account_no,
        account=account,
        payer_name=notice.payer_name,
        payer_account=notice.payer_account,
        payer_bank=notice.payer_bank,
        amount_fen=notice.amount.fen,
        value_day=notice.value_day,
        remark=notice.remark,
        source=source,
        arrived_at=clock.now(),
        why=decision.why or "",
        plan=[[item.payable_id, item.position, item.fen, None] for item in decision.settles],
        left_fen=notice.amount.fen,
    )
    legs = postings.bank_in(line.subject, notice.amount)
    ledger.transfer(f"bank_in:{line.number}", TransferKind.BANK_IN, legs)
    deadlines.set_deadline(MATCH_DEADLINE, line.subject, line.arrived_at)
    return line.number


def _decide(account: VirtualAccount | None, notice: LineNotice) -> Decision:
    if account is None:
        return Decision((), notice.amount.fen, Why.UNKNOWN_ACCOUNT)
    pair = (account.buyer_id, account.seller_id)
    return decide(
        notice.amount.fen,
        notice.payer_name,
        parties.company(account.buyer_id).verified_name,
        notice.remark,
        dues.open_dues(*pair),
        dues.known_numbers(*pair, numbers_in(notice.remark)),
    )
