"""Orders ruled as brushing cost the right to take part: `FAIR-BRUSHING`."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_noop

from pifa.integrity.models import RulingInForce
from pifa.kernel import clock
from pifa.kernel.events import emit
from pifa.programme import shelf
from pifa.programme.commands import checkpoints, granting, reviewing
from pifa.programme.events import Barred
from pifa.programme.models import Enrolment, Freeze, Membership, Rehearsal, SeasonRow
from pifa.programme.rules.checkpoints import barred_by
from pifa.programme.states import EnrolmentState, MembershipState

REASON = gettext_noop("虚假交易裁定")
LIFTED = gettext_noop("裁定已撤销")


@transaction.atomic
def follow(seller_id: int) -> None:
    """Bar a company from the seasons it takes part in, or give it back what it lost, as the rulings
    on its orders stand now. Three statements for who takes part in none."""
    for row in _seasons(seller_id):
        season = shelf.season_of(row)
        orders = _ruled(row, seller_id)
        barred = barred_by(season, orders)
        held = Freeze.objects.filter(
            company=seller_id, kind=Freeze.Kind.BRUSHING, season=row, lifted_at=None
        )
        if barred == held.exists():
            continue
        if barred:
            _bar(row, seller_id)
        else:
            held.update(lifted_at=clock.now(), lift_reason=LIFTED)
            _give_back(row, seller_id)
        emit(Barred(company_id=seller_id, season=row.code, barred=barred, orders=orders))


def _seasons(seller_id: int) -> list[SeasonRow]:
    """The seasons in which a company takes part and that are not long over."""
    ids = {
        *Membership.objects.filter(company=seller_id).values_list("season", flat=True),
        *Rehearsal.objects.filter(company=seller_id).values_list("season", flat=True),
        *Enrolment.objects.filter(company=seller_id).values_list("season", flat=True),
    }
    rows = SeasonRow.objects.filter(pk__in=ids).order_by("first_day") if ids else []
    return [row for row in rows if shelf.season_of(row).carried_until >= clock.today()]


def _ruled(row: SeasonRow, seller_id: int) -> int:
    """Orders of a seller that are ruled as brushing, paid within a season's days or its rounds'."""
    season = shelf.season_of(row)
    first = min(one.rehearsal_signup.first for one in season.rounds)
    paid = (clock.start_of_day(first), clock.now())
    rows = RulingInForce.objects.filter(order__seller=seller_id, order__paid_at__range=paid)
    return rows.count()


def _bar(row: SeasonRow, seller_id: int) -> None:
    Freeze.objects.create(
        company_id=seller_id, kind=Freeze.Kind.BRUSHING, season=row, since=clock.today()
    )
    held = Membership.objects.filter(company=seller_id, season=row)
    held.exclude(state__in=[MembershipState.ENDED, MembershipState.REMOVED]).update(
        state=MembershipState.REMOVED, member_tag=False, traffic_tag=False, removed_reason=REASON
    )
    waiting = Enrolment.objects.select_for_update(no_key=True).select_related("season")
    for enrolment in waiting.filter(
        company=seller_id,
        season=row,
        state__in=[EnrolmentState.SUBMITTED, EnrolmentState.SECOND],
    ):
        reviewing.refuse(enrolment, REASON)
    granting.sync([seller_id])


def _give_back(row: SeasonRow, seller_id: int) -> None:
    """A member that was removed for brushing alone is one again, as its verdicts have it.

    Where it did not stay a member of the season before, that keeps it out until that changes too.
    """
    held = Membership.objects.filter(
        company=seller_id, season=row, state=MembershipState.REMOVED, removed_reason=REASON
    ).first()
    if held is None:
        return
    if held.enrolment is not None and held.enrolment.state == EnrolmentState.VOID:
        held.removed_reason = held.enrolment.reason
        held.save(update_fields=["removed_reason"])
        return
    begun = row.first_day <= clock.today()
    held.removed_reason = ""
    held.state = MembershipState.IN_FORCE if begun else MembershipState.WAITING
    held.member_tag = held.traffic_tag = begun
    held.save(update_fields=["removed_reason", "state", "member_tag", "traffic_tag"])
    checkpoints.follow_verdicts([held.pk])
    granting.sync([seller_id])
