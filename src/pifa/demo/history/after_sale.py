"""Refund cases and disputes, each verb as its command in `trade.commands`."""

from __future__ import annotations

from datetime import timedelta

from pifa.demo.history.orders import Ongoing, Orders, term
from pifa.demo.history.tables import CaseRow, DisputeRow
from pifa.kernel.actors import SYSTEM, Actor
from pifa.kernel.money import Money
from pifa.trade.commands.refund_money import REFUNDED, UNSHIPPED
from pifa.trade.events import facts
from pifa.trade.rules import Pause, is_whole, refundable, verdict_amount


class AfterSale:
    """Money is asked back, goods come back, operators rule."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._scene = orders.scene
        self._cases: dict[str, Ongoing] = {}
        self._scene.handle("refund.grant", self._grant)
        self._scene.handle("refund.receive_return", self._receive_return)
        self._scene.handle("refund.lapse", self._lapse)
        self._scene.handle("order.refund_unshipped", self._refund_unshipped)

    def ask(self, actor: Actor, going: Ongoing, kind: str, amount_fen: int, reason: str) -> None:
        """As `ask_refund`."""
        scene, row = self._scene, going.row
        case: CaseRow = scene.tables.cases.add(
            number=scene.numbers.number("R", scene.now),
            order_id=row.id,
            kind=kind,
            asked_fen=amount_fen,
            reason=reason,
            asked_at=scene.now,
        )
        going.case, going.dispute = case, None
        self._cases[case.subject] = going
        scene.clear(going.subject)
        row.status_before, row.status = row.status, "in_refund"
        self._due("refund.grant", case, term("refund_answer_days"))
        self._audit(actor, "refund.ask", going, kind=kind, asked_fen=amount_fen)
        scene.emit(
            facts.RefundAsked(
                **going.parties,
                refund=case.number,
                kind=kind,
                asked_fen=amount_fen,
            )
        )

    def accept(self, actor: Actor, going: Ongoing, answer: str, verb: str = "accept") -> None:
        """As `answer_refund` with consent, or the market at the deadline."""
        case = _case(going)
        case.answer = answer
        if case.kind == "money":
            self._answered(actor, going, accepted=True)
            self._pay_back(actor, going, Money(case.asked_fen), f"refund.{verb}")
            return
        self._move(case, "returning")
        self._due("refund.lapse", case, term("return_days"))
        self._audit(actor, f"refund.{verb}_return", going)
        self._answered(actor, going, accepted=True)

    def refuse(self, actor: Actor, going: Ongoing, answer: str) -> None:
        """As `answer_refund` without."""
        case = _case(going)
        case.answer = answer
        self._move(case, "refused")
        self._due("refund.lapse", case, term("refund_answer_days"))
        self._audit(actor, "refund.refuse", going, answer=answer)
        self._answered(actor, going, accepted=False)

    def send_return(self, actor: Actor, going: Ongoing, tracking_no: str) -> None:
        """As `send_return`."""
        case = _case(going)
        case.return_tracking_no = tracking_no
        self._move(case, "returned")
        self._due("refund.receive_return", case, term("return_days"))
        self._audit(actor, "refund.send_return", going, tracking_no=tracking_no)
        self._scene.emit(
            facts.ReturnSent(
                **going.parties,
                refund=case.number,
                tracking_no=tracking_no,
            )
        )

    def confirm_return(self, actor: Actor, going: Ongoing) -> None:
        """As `confirm_return`."""
        self._pay_back(actor, going, Money(_case(going).asked_fen), "refund.confirm_return")

    def withdraw(self, actor: Actor, going: Ongoing) -> None:
        """As `withdraw_refund`."""
        if going.dispute is not None and not going.dispute.verdict:
            going.dispute.verdict, going.dispute.decided_at = "withdrawn", self._scene.now
        self._end_without_money(actor, going, "withdrawn", "refund.withdraw")

    def open_dispute(self, actor: Actor, going: Ongoing, statement: str) -> None:
        """As `open_dispute`."""
        case = _case(going)
        self._move(case, "disputed")
        going.dispute = self._scene.tables.disputes.add(
            case_id=case.id, statement=statement, opened_at=self._scene.now
        )
        self._audit(actor, "dispute.open", going)
        self._scene.emit(facts.DisputeOpened(**going.parties, refund=case.number))

    def answer_dispute(self, actor: Actor, going: Ongoing, statement: str) -> None:
        """As `answer_dispute`."""
        _dispute(going).seller_statement = statement
        self._audit(actor, "dispute.answer", going)
        refund = _case(going).number
        self._scene.emit(facts.DisputeAnswered(**going.parties, refund=refund))

    def rule(
        self, actor: Actor, going: Ongoing, verdict: str, reason: str, amount_fen: int | None
    ) -> None:
        """As `rule_dispute`."""
        case, dispute = _case(going), _dispute(going)
        part = Money(amount_fen) if amount_fen is not None else None
        granted = verdict_amount(verdict, Money(case.asked_fen), part)
        dispute.verdict, dispute.verdict_reason = verdict, reason
        dispute.decided_at, dispute.decided_by_id = self._scene.now, actor.user_id
        self._scene.emit(
            facts.DisputeRuled(
                **going.parties,
                refund=case.number,
                verdict=verdict,
                amount_fen=granted.fen,
            )
        )
        if granted:
            self._pay_back(actor, going, granted, "dispute.rule")
        else:
            self._end_without_money(actor, going, "dismissed", "dispute.rule")

    # ---------------------------------------------------------------------- how a case ends
    def _pay_back(self, actor: Actor, going: Ongoing, amount: Money, action: str) -> None:
        case, row = _case(going), going.row
        after_receipt = row.status_before == "awaiting_review"
        self._orders.finance.refund(going.subject, amount, case.number, case.reason)
        row.refunded_fen += amount.fen
        case.granted_fen = amount.fen
        self._end(going, "paid")
        whole = is_whole(Money(row.refunded_fen), Money(row.paid_fen))
        self._audit(actor, action, going, amount_fen=amount.fen, whole=whole)
        self._scene.emit(
            facts.RefundPaid(
                **going.parties,
                refund=case.number,
                amount_fen=amount.fen,
                after_receipt=after_receipt,
            )
        )
        if whole:
            self._orders.close_refunded(actor, going, REFUNDED)
        else:
            self._go_on(going)

    def _end_without_money(self, actor: Actor, going: Ongoing, state: str, action: str) -> None:
        case = _case(going)
        self._end(going, state)
        self._audit(actor, action, going)
        self._scene.emit(
            facts.RefundEnded(
                **going.parties,
                refund=case.number,
                by=going.side(actor),
            )
        )
        self._go_on(going)

    def _end(self, going: Ongoing, state: str) -> None:
        case = _case(going)
        case.state, case.ended_at = state, self._scene.now
        going.pauses.append(Pause(case.asked_at, self._scene.now))
        self._scene.clear(case.subject)

    def _go_on(self, going: Ongoing) -> None:
        going.row.status, going.row.status_before = going.row.status_before, ""
        self._orders.resume(going)

    # ---------------------------------------------------------------------- by itself
    def _grant(self, subject: str) -> None:
        going = self._cases[subject]
        self.accept(SYSTEM, going, _case(going).answer, "grant")

    def _receive_return(self, subject: str) -> None:
        going = self._cases[subject]
        amount = Money(_case(going).asked_fen)
        self._pay_back(SYSTEM, going, amount, "refund.receive_return")

    def _lapse(self, subject: str) -> None:
        self._end_without_money(SYSTEM, self._cases[subject], "withdrawn", "refund.lapse")

    def _refund_unshipped(self, subject: str) -> None:
        """As `refund_unshipped`."""
        going = self._orders.going[subject]
        row = going.row
        amount = refundable(Money(row.paid_fen), Money(row.refunded_fen))
        self._orders.finance.refund(subject, amount, f"unshipped:{row.number}", UNSHIPPED)
        row.refunded_fen += amount.fen
        self._scene.by_itself("order.refund_unshipped", subject, amount_fen=amount.fen)
        self._scene.emit(facts.UnshippedRefunded(**going.parties, amount_fen=amount.fen))
        self._orders.close_refunded(SYSTEM, going, UNSHIPPED, back=amount)

    # ---------------------------------------------------------------------- small steps
    def _move(self, case: CaseRow, state: str) -> None:
        case.state = state
        self._scene.clear(case.subject)

    def _due(self, kind: str, case: CaseRow, span: timedelta) -> None:
        self._scene.set_deadline(kind, case.subject, self._scene.now + span)

    def _audit(self, actor: Actor, action: str, going: Ongoing, **detail: object) -> None:
        self._scene.audit(actor, action, going.subject, refund=_case(going).number, **detail)

    def _answered(self, actor: Actor, going: Ongoing, *, accepted: bool) -> None:
        self._scene.emit(
            facts.RefundAnswered(
                **going.parties,
                refund=_case(going).number,
                accepted=accepted,
                by=going.side(actor),
            )
        )


def _case(going: Ongoing) -> CaseRow:
    assert going.case is not None
    return going.case


def _dispute(going: Ongoing) -> DisputeRow:
    assert going.dispute is not None
    return going.dispute
