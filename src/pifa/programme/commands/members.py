"""Members: admitted, begun, cared for by an account manager, marked for the tracks."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput, NotFound
from pifa.parties.models import Company, User
from pifa.programme import policies, shelf
from pifa.programme.commands import granting
from pifa.programme.models import Enrolment, Mark, Membership, SeasonRow
from pifa.programme.rules.season import Season
from pifa.programme.states import MembershipState
from pifa.programme.vocabulary import MARKS
from pifa.trade.rules import required_text


def admit(enrolment: Enrolment) -> Membership:
    """Make a member of whose enrolment is approved; one of a season that has begun begins at once.

    Who lost an earlier approval for the season, and applied anew, is the same member again.
    """
    membership, _new = Membership.objects.update_or_create(
        company_id=enrolment.company_id,
        season=enrolment.season,
        defaults={
            "enrolment": enrolment,
            "department": enrolment.department,
            "month_fen": enrolment.month_fen,
            "peak_fen": enrolment.peak_fen,
            "state": MembershipState.WAITING,
            "approved_at": clock.now(),
            "removed_reason": "",
        },
    )
    if enrolment.season.first_day <= clock.today():
        begin(enrolment.season, shelf.season_of(enrolment.season))
    return membership


@transaction.atomic
def begin(row: SeasonRow, season: Season) -> int:
    """Give every member that waits for the season its tags and benefits; how many did.

    A member that carried its tags over from an earlier season holds them by this one from now on.
    """
    waiting = Membership.objects.filter(season=row, state=MembershipState.WAITING)
    begun = list(waiting.order_by("pk").values_list("pk", "company_id", "department"))
    Membership.objects.filter(pk__in=[pk for pk, _company, _department in begun]).update(
        state=MembershipState.IN_FORCE, member_tag=True, traffic_tag=True
    )
    companies = [company_id for _pk, company_id, _department in begun]
    earlier = Membership.objects.filter(
        company__in=companies, state=MembershipState.RENEWED
    ).exclude(season=row)
    earlier.update(state=MembershipState.ENDED, member_tag=False, traffic_tag=False)
    granting.sync(companies)
    return len(begun)


@transaction.atomic
def assign_manager(actor: Actor, membership_ids: Sequence[int], user_id: int | None) -> int:
    """Let an operator care for members (None: nobody); how many. Operators. One update."""
    policies.may_review(actor)
    staff = User.objects.filter(is_staff=True, is_active=True)
    if user_id is not None and not staff.filter(pk=user_id).exists():
        raise InvalidInput(field="user", reason=_("请选择一位在职的小二。"))
    rows = Membership.objects.filter(pk__in=list(membership_ids))
    found = rows.update(account_manager=user_id)
    audit.record(
        actor, "membership.assign", "membership:*", members=list(membership_ids), manager=user_id
    )
    return found


@transaction.atomic
def mark(actor: Actor, company_id: int, code: str, reason: str) -> None:
    """Note of a seller what a track asks and no figure tells (`vocabulary.MARKS`). Operators;
    `NotFound` for whoever is no seller."""
    user_id = policies.may_review(actor)
    reason = required_text(reason, _("依据"), 300, "reason")
    if code not in MARKS:
        raise InvalidInput(field="code", reason=" | ".join(MARKS))
    if not Company.objects.filter(pk=company_id, is_seller=True).exists():
        raise NotFound
    Mark.objects.get_or_create(
        company_id=company_id,
        code=code,
        ended_at=None,
        defaults={"reason": reason, "given_at": clock.now(), "given_by_id": user_id},
    )
    audit.record(actor, "programme.mark", f"company:{company_id}", code=code, reason=reason)


@transaction.atomic
def unmark(actor: Actor, company_id: int, code: str, reason: str) -> None:
    """Take a note back, with the reason. Operators; `NotFound` if there is none."""
    user_id = policies.may_review(actor)
    reason = required_text(reason, _("理由"), 300, "reason")
    rows = Mark.objects.filter(company=company_id, code=code, ended_at=None)
    if not rows.update(ended_at=clock.now(), ended_by=user_id, end_reason=reason):
        raise NotFound
    audit.record(actor, "programme.unmark", f"company:{company_id}", code=code, reason=reason)
