"""A company's own accounts at banks: checked by the bank, in its registered name only.

Whoever changes them has just entered its password again; the faces ask for it
(`parties.confirming`).
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from pifa.finance import policies
from pifa.finance.banks import registry as banks
from pifa.finance.partner_bank import registry as partner_bank
from pifa.finance.partner_bank.models import PartnerAccount
from pifa.finance.withdrawals.errors import NameDiffers, NotRegistered, TooManyAccounts
from pifa.finance.withdrawals.events import PayeeChanged
from pifa.finance.withdrawals.models import PayeeAccount
from pifa.finance.withdrawals.terms import terms_on
from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput, NotFound
from pifa.kernel.events import emit
from pifa.parties.models import Company
from pifa.parties.text import clean_line

_SHORTEST, _LONGEST = 8, 32
_LONGEST_BANK = 120


def add_payee(actor: Actor, number: str, bank_name: str) -> int:
    """Add an account; the bank says whether it is in the company's registered name. Its id.

    Owner or finance role. An account that is there already is the same. `NotRegistered`,
    `NameDiffers`, `TooManyAccounts`.
    """
    company_id = policies.handles_money(actor)
    digits = "".join(number.split()).replace("-", "")
    if not (digits.isascii() and digits.isdigit() and _SHORTEST <= len(digits) <= _LONGEST):
        raise InvalidInput(field="number", reason=_("账号应为 8 到 32 位数字。"))
    bank_name = clean_line(bank_name)[:_LONGEST_BANK]
    if not bank_name:
        raise InvalidInput(field="bank_name", reason=_("请填写开户行。"))
    with transaction.atomic():
        company = Company.objects.select_for_update(no_key=True).get(pk=company_id)
        if not company.verified_name:
            raise NotRegistered
        bank = banks.get(banks.DEFAULT)
        found = bank.check_payee(company.verified_name, digits, bank_name)
        if found is None:
            raise NameDiffers(field="number", holder=company.verified_name)
        alive = PayeeAccount.objects.filter(company=company, ended_at=None)
        same = alive.filter(bank=bank.code, ref=found.ref).first()
        if same is not None:
            return same.pk
        most = terms_on(clock.today()).most_accounts
        if alive.count() >= most:
            raise TooManyAccounts(most=most)
        row = PayeeAccount.objects.create(
            company=company,
            holder=company.verified_name,
            bank_name=bank_name,
            masked=found.masked,
            bank=bank.code,
            ref=found.ref,
            at_partner_bank=found.at_partner_bank,
            added_at=clock.now(),
        )
        _told(actor, row, "payee.add", added=True)
        return row.pk


def add_bank_account(actor: Actor) -> int:
    """Add the company's own account at the partner bank, whose number nobody has to type. Its id.

    Owner or finance role; `NotFound` for a company that has none.
    """
    company_id = policies.handles_money(actor)
    account = PartnerAccount.objects.filter(company=company_id).first()
    if account is None:
        raise NotFound
    # Names are kept as they are written at home, whoever reads them.
    with translation.override(settings.LANGUAGE_CODE):
        bank_name = str(partner_bank.get(account.bank).name)
    return add_payee(actor, account.number, bank_name)


def remove_payee(actor: Actor, account_id: int) -> None:
    """Pay out to an account no more; what is on its way goes on. Owner or finance role."""
    company_id = policies.handles_money(actor)
    with transaction.atomic():
        rows = PayeeAccount.objects.filter(pk=account_id, company=company_id, ended_at=None)
        row = rows.select_for_update(no_key=True).first()
        if row is None:
            raise NotFound
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
        _told(actor, row, "payee.remove", added=False)


def _told(actor: Actor, row: PayeeAccount, action: str, *, added: bool) -> None:
    subject = f"company:{row.company_id}"
    audit.record(actor, action, subject, account=row.masked, bank=row.bank_name)
    emit(
        PayeeChanged(
            company_id=row.company_id, masked=row.masked, bank_name=row.bank_name, added=added
        )
    )
