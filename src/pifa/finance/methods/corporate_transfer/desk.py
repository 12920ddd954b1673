"""What operators do with money in suspense: say what it pays, send it back, note what they know.

Each verb is told what was left when the operator looked (`seen`): of two who decide at once, the
second is refused and looks again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from pifa.finance import policies
from pifa.finance.banks import registry as banks
from pifa.finance.banks.protocol import Payer
from pifa.finance.errors import LineChanged
from pifa.finance.methods.corporate_transfer import dues, matching
from pifa.finance.methods.corporate_transfer.events import MATCH_DEADLINE, TransferSentBack
from pifa.finance.methods.corporate_transfer.models import BankLine
from pifa.finance.methods.corporate_transfer.rules import spread
from pifa.finance.methods.corporate_transfer.states import BANK_LINE, after
from pifa.finance.models import Payable
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput
from pifa.kernel.events import emit
from pifa.kernel.money import Money
from pifa.ledger import commands as ledger
from pifa.ledger import rules as postings
from pifa.ledger.rules import TransferKind

MOST = 20
"""So many payables are assigned by one decision."""

_LONGEST = 200
_SUBJECTS = ("order", "repayment")
"""What is paid by transfer and has a number that people know it by."""


def assign_transfer(
    actor: Actor, number: str, shares: Mapping[str, Money], seen: Money
) -> BankLine:
    """Say what money in suspense pays: number of a payable or an order → amount. Operators only.

    `InvalidInput` for a payable that does not ask for so much now, or for more than is left;
    `LineChanged` if somebody else decided meanwhile, or a payable changed while it was paid
    (what was paid before it stays).
    """
    policies.works_for_the_market(actor)
    with transaction.atomic():
        line = _waiting(number, "assign", seen)
        line.plan = _plan(shares, line, actor.user_id)
        line.save(update_fields=["plan"])
        audit.record(
            actor,
            "transfer.assign",
            line.subject,
            shares_fen={name: share.fen for name, share in shares.items()},
        )
        deadlines.set_deadline(MATCH_DEADLINE, line.subject, clock.now())
    done = matching.carry_out(number)
    total = sum(share.fen for share in shares.values())
    if done.left_fen != seen.fen - total:
        raise LineChanged
    return done


def return_transfer(actor: Actor, number: str, reason: str, seen: Money) -> None:
    """Send what is left of a line back to the account it came from. Operators only.

    The payer reads the reason. `LineChanged` if somebody else decided meanwhile.
    """
    policies.works_for_the_market(actor)
    reason = _words(reason, "reason")
    with transaction.atomic():
        line = _waiting(number, "return_to_sender", seen)
        amount, key = Money(line.left_fen), f"bank_out:{line.number}"
        ledger.transfer(key, TransferKind.BANK_OUT, postings.bank_out(line.subject, amount))
        line.state = after(line.state, "return_to_sender")
        line.left_fen, line.returned_fen, line.returned_at = 0, amount.fen, clock.now()
        line.note = reason
        line.save(update_fields=["state", "left_fen", "returned_fen", "returned_at", "note"])
        payer = Payer(line.payer_name, line.payer_account, line.payer_bank)
        banks.get(line.bank).send_back(payer, amount, key, line.line_no or line.number)
        audit.record(actor, "transfer.return", line.subject, amount_fen=amount.fen, reason=reason)
        emit(
            TransferSentBack(
                number=line.number,
                buyer_id=line.account.buyer_id if line.account else None,
                amount_fen=amount.fen,
                reason=reason,
            )
        )


def note_transfer(actor: Actor, number: str, words: str) -> None:
    """Keep what an operator knows of a line, for the next one who looks. Operators only."""
    policies.works_for_the_market(actor)
    words = _words(words, "note")
    with transaction.atomic():
        line = matching.locked(number)
        line.note = words
        line.save(update_fields=["note"])
        audit.record(actor, "transfer.note", line.subject, note=words)


def _waiting(number: str, verb: str, seen: Money) -> BankLine:
    line = matching.locked(number)
    BANK_LINE.check(line.state, verb)
    if line.plan or line.left_fen != seen.fen:
        raise LineChanged
    return line


def _plan(
    shares: Mapping[str, Money], line: BankLine, user_id: int | None
) -> list[list[int | None]]:
    if not 1 <= len(shares) <= MOST:
        reason = _("请填写 1 到 {most} 笔应付款的认领金额。").format(most=MOST)
        raise InvalidInput(field="shares", reason=reason)
    total = sum(share.fen for share in shares.values())
    if total > line.left_fen:
        reason = _("认领合计 {sum}，超过待认领的 {left}。")
        raise InvalidInput(
            field="shares", reason=reason.format(sum=Money(total), left=Money(line.left_fen))
        )
    rows = _named(shares)
    if len({row.pk for row in rows.values()}) < len(rows):
        raise InvalidInput(field="shares", reason=_("同一笔应付款填写了两次。"))
    found = {due.payable_id: due for due in dues.dues_of(rows.values())}
    plan: list[list[int | None]] = []
    # One order for everybody, so that parts are paid in the order of their payables.
    for name in sorted(shares, key=lambda name: rows[name].pk if name in rows else 0):
        due = found.get(rows[name].pk) if name in rows else None
        if due is None or rows[name].payer_id is None or rows[name].state != Payable.State.OPEN:
            reason = _("应付款 {number} 现在不能支付。").format(number=name)
            raise InvalidInput(field="shares", reason=reason)
        try:
            parts = spread(due, shares[name].fen)
        except ValueError as error:
            reason = _("应付款 {number} 现在待付 {open}，不能认领 {amount}。")
            raise InvalidInput(
                field="shares",
                reason=reason.format(number=name, open=Money(due.fen), amount=shares[name]),
            ) from error
        plan += [[part.payable_id, part.position, part.fen, user_id] for part in parts]
    return plan


def _named(numbers: Collection[str]) -> dict[str, Payable]:
    """The payables that are called so: by their own number, or by that of their order."""
    subjects = {f"{kind}:{number}": number for number in numbers for kind in _SUBJECTS}
    found = Payable.objects.filter(Q(number__in=list(numbers)) | Q(subject__in=list(subjects)))
    return {row.number if row.number in numbers else subjects[row.subject]: row for row in found}


def _words(text: str, field: str) -> str:
    text = text.strip()
    if not text or len(text) > _LONGEST:
        raise InvalidInput(field=field, reason=_("请填写说明（200 字以内）。"))
    return text
