"""The performance bond: what it costs, taking it, its renewal, going back to the deposit."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from pifa.finance import commands as finance
from pifa.finance.insurance.bond import queries
from pifa.kernel.errors import DomainError
from pifa.web.access import seller_page
from pifa.web.seller.frame import FINANCE, actor_on, show


@seller_page(FINANCE)
def bond(request: HttpRequest) -> HttpResponse:
    """How the company stands to the bond; a POST changes it."""
    actor = actor_on(request)
    if request.method == "POST":
        verbs: dict[str, tuple[Callable[[], object], str]] = {
            "take": (
                lambda: finance.take_bond(actor),
                _("已投保，保证金回到余额，买家保障继续有效。"),
            ),
            "renew": (
                lambda: finance.renew_bond_by_itself(actor, True),
                _("到期自动续保已打开。"),
            ),
            "no_renewal": (
                lambda: finance.renew_bond_by_itself(actor, False),
                _("到期自动续保已关闭。"),
            ),
            "give_up": (lambda: finance.give_bond_up(actor), _("已改回冻结保证金。")),
        }
        act, done = verbs.get(request.POST.get("verb", ""), (None, ""))
        if act is not None:
            try:
                act()
            except DomainError as error:
                messages.error(request, str(error))
            else:
                messages.success(request, done)
        return redirect("seller:bond")
    return show(request, "seller/bond.html", bond=queries.bond(actor))
