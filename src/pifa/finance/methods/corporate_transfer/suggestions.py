"""What money in suspense may be meant for, as things stand now.

Looked up anew whenever an operator looks: an order that was placed after its money came is
proposed like one that was open before.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from pifa.finance.methods.corporate_transfer import dues, words
from pifa.finance.methods.corporate_transfer.models import BankLine
from pifa.finance.methods.corporate_transfer.proposals import Candidate, Proposal, Reason, rank
from pifa.finance.methods.corporate_transfer.rules import OpenDue, legal_key, numbers_in, same_name
from pifa.finance.models import Payable
from pifa.kernel.ids import number_of
from pifa.kernel.money import Money
from pifa.parties.models import Company

MOST_CANDIDATES = 2000
"""So many open payables are looked at together, the oldest."""

_EXACT = frozenset({Reason.SAME_AMOUNT, Reason.SAME_SUM})


@dataclass(frozen=True, slots=True)
class ShareView:
    """A payable that may be meant, with so much for it."""

    payable_number: str
    subject: str
    title: str
    buyer: str
    seller: str
    open: Money
    amount: Money

    @property
    def number(self) -> str:
        """The number that people know it by: the order's, or the repayment's."""
        return number_of(self.subject)


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal with its reasons in words; `exact`: what is left is just what it asks for."""

    shares: list[ShareView]
    reasons: list[str]
    exact: bool


def proposals_for(lines: Sequence[BankLine]) -> dict[int, list[ProposalView]]:
    """By the id of each line of which something is left, the likeliest first; four statements."""
    waiting = [line for line in lines if line.left_fen]
    payables = _candidates(waiting)
    opened = dues.dues_of(payables.values())
    return {
        line.pk: [
            _view(proposal, payables, opened)
            for proposal in rank(line.left_fen, _of_line(line, opened, payables))
        ]
        for line in waiting
    }


def _of_line(
    line: BankLine, opened: Iterable[OpenDue], payables: dict[int, Payable]
) -> list[Candidate]:
    """The payables that have something in common with a line, oldest first."""
    named = numbers_in(line.remark)
    pair = (line.account.buyer_id, line.account.seller_id) if line.account else None
    found = []
    for due in opened:
        payable = payables[due.payable_id]
        candidate = Candidate(
            due=due,
            named=bool(due.names & named),
            same_account=pair == (payable.payer_id, payable.payee_id),
            same_name=payable.payer is not None
            and same_name(line.payer_name, payable.payer.verified_name),
        )
        if candidate.named or candidate.same_account or candidate.same_name:
            found.append(candidate)
    return found


def _candidates(lines: Sequence[BankLine]) -> dict[int, Payable]:
    """Open payables of the accounts' pairs, of payers of those names, and named in a remark,
    oldest first."""
    if not lines:
        return {}
    meant = Q(payer__in=_called({line.payer_name for line in lines}))
    pairs = {(line.account.buyer_id, line.account.seller_id) for line in lines if line.account}
    for buyer_id, seller_id in pairs:
        meant |= Q(payer=buyer_id, payee=seller_id)
    for number in {number for line in lines for number in numbers_in(line.remark)}:
        meant |= Q(number=number) | Q(subject__endswith=f":{number}")
    rows = Payable.objects.filter(meant, state=Payable.State.OPEN, payer__isnull=False)
    found = rows.select_related("payer", "payee").order_by("pk")[:MOST_CANDIDATES]
    return {row.pk: row for row in found}


def _called(names: Collection[str]) -> list[int]:
    """Companies of these legal names that have something to pay, however the names are written."""
    keys = {key for name in names if (key := legal_key(name))}
    begins = Q(pk__in=[])
    for letter in {form for key in keys for form in _forms(key[0])}:
        begins |= Q(verified_name__startswith=letter)
    owing = Payable.objects.filter(payer=OuterRef("pk"), state=Payable.State.OPEN)
    rows = Company.objects.filter(begins, Exists(owing)).exclude(verified_name="")
    known = rows.values_list("pk", "verified_name")
    return [pk for pk, verified in known if legal_key(verified) in keys]


def _forms(letter: str) -> set[str]:
    """The ways in which the first letter of a compared name may be written."""
    wide = {chr(ord(form) + 0xFEE0) for form in letter + letter.upper() if "!" <= form <= "~"}
    plain = {letter, letter.upper(), unicodedata.normalize("NFKC", letter)}
    return plain | wide


def _view(
    proposal: Proposal, payables: dict[int, Payable], opened: Sequence[OpenDue]
) -> ProposalView:
    asked = {due.payable_id: due.fen for due in opened}
    return ProposalView(
        shares=[_share(payables[pk], asked[pk], fen) for pk, fen in proposal.shares],
        reasons=[words.reason(reason) for reason in proposal.reasons],
        exact=bool(_EXACT & set(proposal.reasons)),
    )


def _share(payable: Payable, open_fen: int, fen: int) -> ShareView:
    return ShareView(
        payable_number=payable.number,
        subject=payable.subject,
        title=payable.title,
        buyer=payable.payer.name if payable.payer else "",
        seller=payable.payee.name,
        open=Money(open_fen),
        amount=Money(fen),
    )
