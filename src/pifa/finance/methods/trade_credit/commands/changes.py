"""The history of a line: every change with its day, and the terms of a day."""

from __future__ import annotations

from datetime import date

from pifa.finance.methods.trade_credit.events import CreditLineChanged
from pifa.finance.methods.trade_credit.models import CreditChange, CreditLine
from pifa.finance.methods.trade_credit.rules import Terms
from pifa.kernel import audit, clock
from pifa.kernel.actors import SYSTEM, Actor
from pifa.kernel.events import emit


def note(line: CreditLine, what: str, reason: str = "", actor: Actor = SYSTEM) -> None:
    """Write how a line stands after a change, and announce it."""
    CreditChange.objects.create(
        line=line,
        what=what,
        reason=reason,
        member_id=actor.member_id,
        limit_fen=line.limit_fen,
        terms=line.terms,
        terms_number=line.terms_number,
        terms_since=line.terms_since,
        at=clock.now(),
    )
    audit.record(
        actor,
        f"credit.{what}",
        f"credit:{line.pk}",
        buyer_id=line.buyer_id,
        limit_fen=line.limit_fen,
        terms=line.terms,
        number=line.terms_number,
        since=line.terms_since.isoformat(),
        reason=reason,
    )
    emit(
        CreditLineChanged(
            line_id=line.pk,
            seller_id=line.seller_id,
            buyer_id=line.buyer_id,
            what=str(what),
            limit_fen=line.limit_fen,
            terms=line.terms,
            number=line.terms_number,
            reason=reason,
        )
    )


def terms_on(line: CreditLine, day: date) -> Terms:
    """The terms that hold on a day: new ones hold from the day after they were agreed."""
    if line.terms_since <= day:
        return line.own_terms
    rows = line.changes.filter(terms_since__lte=day).order_by("-pk")
    before = rows.first()
    return before.own_terms if before else line.own_terms
