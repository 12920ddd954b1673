"""What performance bonds refuse."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError


class AlreadyBonded(DomainError):
    """The company has a bond already."""

    code = "finance.already_bonded"
    message = _("贵企业已投保履约保证金险。")


class NotBonded(DomainError):
    """The company has no bond."""

    code = "finance.not_bonded"
    message = _("贵企业没有在保的履约保证金险。")


class BondOwes(DomainError):
    """Debts of earlier refunds come first; figures: owed."""

    code = "finance.bond_owes"
    message = _("还有 {owed} 垫付或追偿款没有还清，还清后才能投保。")
