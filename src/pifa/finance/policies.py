"""Who may pay, see and move a company's money."""

from __future__ import annotations

from pifa.finance.models import Payable
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, NotFound
from pifa.parties import policies as parties


def may_pay(actor: Actor, payable: Payable) -> None:
    """Purchasers and finance people of the payer; to others the payable does not exist."""
    parties.require_company(actor, payable.payer_id)
    parties.require(actor, Role.PURCHASER, Role.FINANCE)


def may_see_payable(actor: Actor, payable: Payable) -> None:
    """Members of the payer and the payee, and the market's staff; else it does not exist."""
    if actor.is_operator or actor.is_system:
        return
    # A payer whom the market does not know is nobody's company.
    if actor.company_id is None or actor.company_id not in (payable.payer_id, payable.payee_id):
        raise NotFound


def handles_money(actor: Actor) -> int:
    """The company whose money an owner or finance person moves and reads; else `Forbidden`."""
    return parties.require(actor, Role.FINANCE)


def works_for_the_market(actor: Actor) -> None:
    """Only the market's staff: flagged notices and reconciliation."""
    if not (actor.is_operator or actor.is_system):
        raise Forbidden
