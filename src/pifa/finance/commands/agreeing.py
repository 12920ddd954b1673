"""Ways of paying that are agreed on with the order itself, by methods that take the payer's word."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from pifa.finance.commands.paying import start_payment
from pifa.finance.methods import registry as methods
from pifa.finance.models import Payable
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput
from pifa.ledger import commands as ledger


def lock_agreed(payer_id: int, wanted: Mapping[int, str]) -> None:
    """Lock what is agreed on by payee, before the orders are written: else their stock would be
    locked before it (`docs/locking.md`). `InvalidInput` for a method that cannot be agreed on."""
    by_code: dict[str, list[int]] = {}
    for payee_id, code in sorted(wanted.items()):
        if code not in methods.AGREED:
            raise InvalidInput(field="ways", reason=_("请选择列出的付款方式。"))
        by_code.setdefault(code, []).append(payee_id)
    purses = [
        purse
        for code, payee_ids in sorted(by_code.items())
        for purse in methods.AGREED[code].lock(payer_id, payee_ids)
    ]
    ledger.lock_accounts(purses)


def agree(actor: Actor, subject: str, code: str) -> None:
    """Begin to pay what is new as agreed; what is held is left to be paid when it may be.

    Raises what `start_payment` raises.
    """
    number, blocked = Payable.objects.values_list("number", "blocked").get(subject=subject)
    if not blocked:
        start_payment(actor, number, code)
