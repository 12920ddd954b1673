"""The address book of a company."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import NotFound
from pifa.parties import policies, rules
from pifa.parties.commands import checks
from pifa.parties.errors import AddressBookFull, BadFormat
from pifa.parties.models import Address

MAY_CHANGE = (Role.PURCHASER, Role.CLERK)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressInput:
    """An address as it was typed; `region` is a code of `kernel.regions`."""

    consignee: str
    region: str
    city: str
    detail: str
    mobile: str
    phone: str = ""
    post_code: str = ""


@transaction.atomic
def add_address(actor: Actor, entry: AddressInput, *, default: bool = False) -> Address:
    """Add an address; the first one becomes the default. `AddressBookFull` beyond the most."""
    company_id = policies.require(actor, *MAY_CHANGE)
    values = checked_address(entry)
    checks.lock_company(company_id)
    kept = Address.objects.filter(company_id=company_id, deleted_at=None).count()
    if kept >= rules.MAX_ADDRESSES:
        raise AddressBookFull(most=rules.MAX_ADDRESSES)
    becomes_default = default or kept == 0
    if becomes_default:
        _unset_default(company_id)
    row = Address.objects.create(company_id=company_id, is_default=becomes_default, **values)
    _note(actor, "address.add", row)
    return row


@transaction.atomic
def change_address(actor: Actor, address_id: int, entry: AddressInput) -> Address:
    """Change an address. Orders keep the address they were placed with."""
    company_id = policies.require(actor, *MAY_CHANGE)
    values = checked_address(entry)
    row = _locked(company_id, address_id)
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    _note(actor, "address.change", row)
    return row


@transaction.atomic
def delete_address(actor: Actor, address_id: int) -> None:
    """Take an address out of the book; if it was the default, the newest other one becomes it."""
    company_id = policies.require(actor, *MAY_CHANGE)
    row = _locked(company_id, address_id)
    was_default, row.is_default = row.is_default, False
    row.deleted_at = clock.now()
    row.save(update_fields=["is_default", "deleted_at"])
    if was_default:
        others = Address.objects.filter(company_id=company_id, deleted_at=None)
        heir = others.order_by("-id").first()
        if heir is not None:
            heir.is_default = True
            heir.save(update_fields=["is_default"])
    _note(actor, "address.delete", row)


@transaction.atomic
def set_default_address(actor: Actor, address_id: int) -> None:
    """Make an address the one offered first at checkout."""
    company_id = policies.require(actor, *MAY_CHANGE)
    row = _locked(company_id, address_id)
    if row.is_default:
        return
    _unset_default(company_id)
    row.is_default = True
    row.save(update_fields=["is_default"])
    _note(actor, "address.set_default", row)


def checked_address(entry: AddressInput) -> dict[str, str]:
    """An address in the form in which it is kept; `BadFormat`, `TextLength`."""
    post_code = rules.normal_licence(entry.post_code)
    if post_code and not rules.is_post_code(post_code):
        raise BadFormat("post_code", label=_("邮编"), expected=_("例如 322000"))
    return {
        "consignee": checks.line(entry.consignee, "consignee", _("收货人"), 60),
        "region": checks.region(entry.region),
        "city": checks.line(entry.city, "city", _("城市"), 60),
        "detail": checks.line(entry.detail, "detail", _("详细地址"), 200, shortest=2),
        "mobile": checks.mobile(entry.mobile),
        "phone": checks.any_phone(entry.phone, "phone", _("固定电话")),
        "post_code": post_code,
    }


def _locked(company_id: int, address_id: int) -> Address:
    checks.lock_company(company_id)
    row = Address.objects.filter(pk=address_id, company_id=company_id, deleted_at=None).first()
    if row is None:
        raise NotFound
    return row


def _unset_default(company_id: int) -> None:
    # Before another is set: the database holds a company to one default at every moment.
    Address.objects.filter(company_id=company_id, is_default=True).update(is_default=False)


def _note(actor: Actor, action: str, row: Address) -> None:
    audit.record(
        actor,
        action,
        f"company:{row.company_id}",
        address=row.pk,
        consignee=rules.mask_name(row.consignee),
        mobile=rules.mask_phone(row.mobile),
    )
