"""Customers that a seller's books bring, and how a company takes its own file over."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from pifa.kernel import audit, bulk, clock, events
from pifa.kernel.actors import SYSTEM, Actor, Role
from pifa.kernel.errors import NotFound
from pifa.parties import policies as parties
from pifa.parties.models import Company
from pifa.parties.text import clean_line
from pifa.relationships import rules
from pifa.relationships.errors import BadCustomerKey, ClaimRefused, IsAMember, NotWithOneself
from pifa.relationships.events import CustomerClaimed, CustomersNoted
from pifa.relationships.models import Relationship
from pifa.relationships.states import RELATIONSHIP

KEY_LENGTH = 120
NAME_LENGTH = 120
REGION_LENGTH = 60


@dataclass(frozen=True, slots=True)
class _Known:
    """A customer as it stands in the table."""

    id: int
    name: str
    region: str
    renamable: bool


@transaction.atomic
def note_customers(
    seller_id: int, customers: Iterable[tuple[str, str, str]], actor: Actor = SYSTEM
) -> dict[str, int]:
    """Note customers of a seller as (key in its books, name, region); {key: relationship id}.

    Six statements at most, however many there are. Noted again, nothing changes but a new
    name or region of one that no company has claimed. A claimed key leads to the relationship
    of its company. Keys are unique for the seller and taken as they are but for surrounding
    space, and the answer has them as given; of one key noted twice the later name holds.
    Whose customers they are the caller has checked. Raises `BadCustomerKey`.
    """
    wanted, given = _cleaned(customers)
    if not wanted:
        return {}
    # One import of a seller at a time: two would note the same new customer twice.
    if not Company.objects.select_for_update(no_key=True).filter(pk=seller_id).exists():
        raise NotFound
    known = _known(seller_id, wanted)
    ids = {key: item.id for key, item in known.items()}
    fresh = [key for key in wanted if key not in known]
    ids |= zip(fresh, _insert(seller_id, {key: wanted[key] for key in fresh}), strict=True)
    _rename(
        {
            item.id: wanted[key]
            for key, item in known.items()
            if item.renamable and wanted[key] != (item.name, item.region)
        }
    )
    if fresh:
        audit.record(actor, "customers.note", f"company:{seller_id}", count=len(fresh))
        events.emit(CustomersNoted(seller_id=seller_id, count=len(fresh)))
    return {as_given: ids[key] for as_given, key in given.items()}


def _cleaned(
    customers: Iterable[tuple[str, str, str]],
) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    wanted: dict[str, tuple[str, str]] = {}
    given: dict[str, str] = {}
    for as_given, name, region in customers:
        key = clean_line(as_given)
        if not 1 <= len(key) <= KEY_LENGTH:
            raise BadCustomerKey(key=key[:40], longest=KEY_LENGTH)
        given[as_given] = key
        wanted[key] = (
            clean_line(name)[:NAME_LENGTH] or key,
            clean_line(region)[:REGION_LENGTH],
        )
    return wanted, given


def _known(seller_id: int, keys: Iterable[str]) -> dict[str, _Known]:
    spread = (
        "SELECT value FROM json_each(%s)"
        if connection.vendor == "sqlite"
        else "SELECT jsonb_array_elements_text(%s::jsonb)"
    )
    table = Relationship._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT external_key, COALESCE(merged_into_id, id), name, region, state = 'noted'"  # noqa: S608 - names of ours only
            f" FROM {table} WHERE seller_id = %s AND external_key IN ({spread})",
            [seller_id, json.dumps(list(keys), ensure_ascii=False)],
        )
        return {
            key: _Known(found, name, region, bool(renamable))
            for key, found, name, region, renamable in cursor.fetchall()
        }


def _insert(seller_id: int, customers: dict[str, tuple[str, str]]) -> list[int]:
    moment = clock.now()
    return bulk.insert(
        Relationship,
        [
            {
                "seller_id": seller_id,
                "external_key": key,
                "name": name,
                "region": region,
                "state": Relationship.State.NOTED.value,
                "requested_by": "",
                "claim_digest": "",
                "since": moment,
                "changed_at": moment,
            }
            for key, (name, region) in customers.items()
        ],
    )


def _rename(changed: dict[int, tuple[str, str]]) -> None:
    if not changed:
        return
    spread = (
        "SELECT json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS name,"
        " json_extract(value, '$[2]') AS region FROM json_each(%s)"
        if connection.vendor == "sqlite"
        else "SELECT (row->>0)::bigint AS id, row->>1 AS name, row->>2 AS region"
        " FROM jsonb_array_elements(%s::jsonb) AS x(row)"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Relationship._meta.db_table} AS customer"  # noqa: S608 - names of ours only
            f" SET name = changed.name, region = changed.region FROM ({spread}) AS changed"
            " WHERE customer.id = changed.id",
            [
                json.dumps(
                    [[found, name, region] for found, (name, region) in changed.items()],
                    ensure_ascii=False,
                )
            ],
        )


# ---------------------------------------------------------------------------- claims


@transaction.atomic
def issue_claim(actor: Actor, relationship_id: int) -> str:
    """A code for a noted customer to hand to it: shown this once, valid 30 days, good for one
    claim; an earlier code ends. Clerks of the seller; `WrongState` once claimed, `IsAMember` of a
    company."""
    company_id = parties.require(actor, Role.CLERK)
    row = (
        Relationship.objects.select_for_update()
        .filter(pk=relationship_id, seller_id=company_id)
        .first()
    )
    if row is None:
        raise NotFound
    RELATIONSHIP.check(row.state, "claim")
    if row.buyer_id is not None:
        raise IsAMember(name=row.name)
    code = rules.new_code()
    row.claim_digest = rules.digest_of(code)
    row.claim_until = clock.now() + rules.CODE_VALID_FOR
    row.save(update_fields=["claim_digest", "claim_until"])
    audit.record(actor, "customer.issue_claim", f"relationship:{row.pk}")
    return code


@transaction.atomic
def claim(actor: Actor, code: str) -> Relationship:
    """Take over the customer a code stands for; the actor's company is related from then on.

    The code is the seller's consent, so a relationship that was revoked or only asked for is
    granted by it. What was noted of the customer follows (`CustomerClaimed`). Purchasers.
    Raises `ClaimRefused`, `NotWithOneself`.
    """
    buyer_id = parties.require(actor, Role.PURCHASER)
    # Held first, so that two codes of one seller used at once end in one relationship.
    Company.objects.select_for_update(no_key=True).get(pk=buyer_id)
    moment = clock.now()
    noted = (
        Relationship.objects.select_for_update()
        .filter(claim_digest=rules.digest_of(code), claim_until__gt=moment)
        .first()
    )
    if noted is None or not rules.normal_code(code):
        raise ClaimRefused("code")
    if noted.seller_id == buyer_id:
        raise NotWithOneself
    had = (
        Relationship.objects.select_for_update()
        .filter(seller_id=noted.seller_id, buyer_id=buyer_id)
        .first()
    )
    row = _merge(noted, had, moment) if had else _become_related(noted, buyer_id, moment)
    audit.record(actor, "customer.claim", f"relationship:{row.pk}", noted=noted.pk)
    events.emit(
        CustomerClaimed(
            old_id=noted.pk, relationship_id=row.pk, seller_id=row.seller_id, buyer_id=buyer_id
        )
    )
    return row


def _become_related(noted: Relationship, buyer_id: int, moment: datetime) -> Relationship:
    step = RELATIONSHIP.check(noted.state, "claim")
    noted.buyer_id = buyer_id
    noted.state, noted.changed_at = str(step.target), moment
    _use_up(noted)
    noted.save()
    return noted


def _merge(noted: Relationship, had: Relationship, moment: datetime) -> Relationship:
    step = RELATIONSHIP.check(noted.state, "merge")
    # What led to the noted customer leads on to where it goes itself.
    Relationship.objects.filter(merged_into=noted).update(merged_into=had)
    noted.merged_into = had
    noted.state, noted.changed_at = str(step.target), moment
    _use_up(noted)
    noted.save()
    if had.state != Relationship.State.GRANTED:
        had.state, had.changed_at = Relationship.State.GRANTED, moment
    had.since = min(had.since, noted.since)
    had.save(update_fields=["state", "since", "changed_at"])
    return had


def _use_up(noted: Relationship) -> None:
    noted.claim_digest, noted.claim_until = "", None
