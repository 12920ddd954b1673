"""Members appeal a verdict, operators decide: `FAIR-APPEAL`."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.events import emit
from pifa.parties.policies import member_id
from pifa.programme import policies, shelf
from pifa.programme.commands import checkpoints
from pifa.programme.errors import AppealedAlready, NotAppealable
from pifa.programme.events import AppealDecided
from pifa.programme.models import Appeal, Verdict
from pifa.programme.rules.checkpoints import Judgement, Outcome
from pifa.programme.states import APPEAL, AppealState
from pifa.trade.rules import required_text


@transaction.atomic
def appeal(actor: Actor, verdict_id: int, words: str) -> Appeal:
    """Say something against a verdict of one's own that was not passed, once.

    Raises `NotAppealable`, `AppealedAlready`.
    """
    company_id = policies.may_apply(actor)
    words = required_text(words, _("申诉"), 1000, "words")
    rows = Verdict.objects.select_for_update(no_key=True)
    verdict = rows.filter(pk=verdict_id, membership__company=company_id).first()
    if verdict is None:
        raise NotFound
    if verdict.passed or verdict.superseded:
        raise NotAppealable
    if Appeal.objects.filter(verdict=verdict).exists():
        raise AppealedAlready
    made = Appeal.objects.create(
        verdict=verdict,
        words=words,
        state=AppealState.OPEN,
        at=clock.now(),
        given_by_id=member_id(actor),
    )
    audit.record(actor, "programme.appeal", f"verdict:{verdict.pk}")
    return made


@transaction.atomic
def decide_appeal(actor: Actor, appeal_id: int, *, uphold: bool, answer: str) -> None:
    """Decide on an appeal, with an answer. Upheld, the verdict is replaced by one that is passed;
    facts that change later do not undo that. Operators."""
    user_id = policies.may_review(actor)
    answer = required_text(answer, _("答复"), 500, "answer")
    rows = Appeal.objects.select_for_update(no_key=True, of=("self",))
    made = (
        rows.select_related("verdict__membership", "verdict__run__season")
        .filter(pk=appeal_id)
        .first()
    )
    if made is None:
        raise NotFound
    move = APPEAL.check(made.state, "uphold" if uphold else "dismiss")
    made.state = AppealState(str(move.target))
    made.answer, made.decided_at, made.decided_by_id = answer, clock.now(), user_id
    made.save(update_fields=["state", "answer", "decided_at", "decided_by"])
    verdict, run = made.verdict, made.verdict.run
    if uphold:
        _pass(verdict)
    audit.record(actor, f"programme.appeal.{move.verb}", f"verdict:{verdict.pk}", answer=answer)
    emit(
        AppealDecided(
            company_id=verdict.membership.company_id,
            season=run.season.code,
            checkpoint=run.code,
            upheld=uphold,
            answer=answer,
        )
    )


def _pass(verdict: Verdict) -> None:
    """Replace the verdict that holds by one that is passed, with the numbers as they are."""
    rows = Verdict.objects.select_for_update(no_key=True, of=("self",)).select_related("membership")
    held = rows.get(run=verdict.run_id, membership=verdict.membership_id, superseded=False)
    if held.passed:
        return
    checkpoint = shelf.season_of(verdict.run.season).checkpoint(verdict.run.code)
    outcome = Outcome.RENEWED if checkpoint.renews else Outcome.KEPT
    judgement = Judgement(held.measured_fen, held.target_fen, held.asked_fen, outcome)
    checkpoints.replace(held, judgement, Verdict.Cause.APPEAL)
