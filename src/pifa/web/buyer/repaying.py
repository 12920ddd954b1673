"""Choosing how a repayment is paid, whatever it repays: trade credit, a financier, the bank."""

from __future__ import annotations

from typing import Protocol

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from pifa.finance import commands
from pifa.finance import queries as finance
from pifa.kernel.actors import Role
from pifa.kernel.errors import DomainError, Forbidden, NotFound
from pifa.web.buyer.centre import CENTRE
from pifa.web.shared.bank import authorised
from pifa.web.shared.centre import actor_on
from pifa.web.shared.channels import channel_on
from pifa.web.shared.ways import ways_of


class Repayment(Protocol):
    """What the page needs of a repayment; the rest is its template's."""

    @property
    def number(self) -> str:
        """As its buyer knows it."""

    @property
    def payable_number(self) -> str:
        """What is paid."""


def pay_repayment(request: HttpRequest, repayment: Repayment, page: str) -> HttpResponse:
    """The page `buyer:<page>` of a repayment, by its template of the same name: choose a way and
    begin to pay. The view that calls it hides `password` from reports of errors."""
    actor, here = actor_on(request), f"buyer:{page}"
    if request.method == "POST":
        try:
            method = request.POST.get("method", "")
            begun = commands.start_payment(
                actor,
                repayment.payable_number,
                method,
                channel=channel_on(request, method),
                authorisation=authorised(request, actor),
            )
        except (NotFound, Forbidden):
            raise
        except DomainError as error:
            toasts.error(request, str(error))
            return redirect(here, repayment.number)
        if begun.redirect_url:
            return redirect(begun.redirect_url)
        toasts.success(request, _("还款已到账。"))
        return redirect(here, repayment.number)
    methods = finance.repaying_methods(actor, repayment.payable_number)
    return CENTRE.show(
        request,
        f"buyer/{page}.html",
        repayment=repayment,
        ways=ways_of(methods),
        may_pay=actor.has_role(Role.PURCHASER, Role.FINANCE),
    )
