"""The console's site: Django's admin with the queues added."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

POLICY = {
    # The theme's Alpine evaluates expressions written in its attributes; no page of it carries
    # a script of its own, so scripts in text that somebody smuggled in do not run.
    "script-src": [SELF, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
}
"""How the console's content security policy differs from the market's."""


class Console(UnfoldAdminSite):
    """The console under `/console/`; only staff get in."""

    index_template = "console/index.html"
    index_title = _("今日")

    def extra_urls(self) -> list[URLPattern]:
        """The pages that are not windows on a table."""
        from pifa.web.operator import (
            bills_page,
            bonds_page,
            cash_page,
            claims_page,
            clock_page,
            company_page,
            credit_page,
            freight_page,
            ledger_page,
            loans_page,
            queues,
            ratings_page,
            rulebook_page,
            rulings_page,
            secured_page,
            standing_page,
            transfers_page,
            trust_page,
            withdrawals_page,
        )
        from pifa.web.operator.programme.urls import PAGES

        pages = [
            ("queue/verifications/", queues.verifications, "queue_verifications"),
            ("queue/verifications/<int:pk>/", queues.verification, "queue_verification"),
            ("queue/verifications/<int:pk>/picture/", queues.licence_picture, "licence_picture"),
            ("queue/offers/", queues.offers, "queue_offers"),
            ("queue/offers/<int:pk>/", queues.offer, "queue_offer"),
            ("queue/disputes/", queues.disputes, "queue_disputes"),
            ("queue/disputes/<int:pk>/", queues.dispute, "queue_dispute"),
            ("queue/claims/", claims_page.claims, "queue_claims"),
            ("queue/claims/<str:number>/", claims_page.claim, "queue_claim"),
            ("queue/transfers/", transfers_page.transfers, "queue_transfers"),
            ("queue/transfers/sheet/", transfers_page.sheet, "transfer_sheet"),
            ("queue/transfers/<str:number>/", transfers_page.transfer, "queue_transfer"),
            ("withdrawals/", withdrawals_page.withdrawals, "withdrawals"),
            ("bonds/", bonds_page.bonds, "bonds"),
            ("freight-insurance/", freight_page.freight_insurance, "freight_insurance"),
            ("bills/", bills_page.bills, "bills"),
            ("cash/", cash_page.overview, "cash"),
            ("cash/batches/<str:number>/", cash_page.batch, "cash_batch"),
            ("credit/", credit_page.lines, "credit_lines"),
            ("credit/<int:line_id>/", credit_page.line, "credit_line"),
            ("secured/", secured_page.receivables, "secured"),
            ("trust/", trust_page.orders, "trust"),
            ("loans/", loans_page.loans, "market_loans"),
            ("loans/<str:number>/", loans_page.loan, "market_loan"),
            ("reconciliation/", transfers_page.reconciliation, "reconciliation"),
            ("rulings/", rulings_page.rulings, "rulings"),
            ("order/<str:number>/ruling/", rulings_page.ruling, "order_ruling"),
            ("company/<int:pk>/", company_page.company, "company_file"),
            ("company/<int:pk>/standing/", standing_page.standing, "company_standing"),
            ("ratings/", ratings_page.ratings, "ratings"),
            ("ratings/<str:kind>/<str:code>/", ratings_page.companies_at, "ratings_step"),
            ("rulebook/", rulebook_page.rulebook, "rulebook"),
            ("rulebook/<str:old>/<str:new>/", rulebook_page.changes, "rulebook_changes"),
            *PAGES,
            ("clock/", clock_page.market_clock, "market_clock"),
            ("ledger/", ledger_page.market_ledger, "market_ledger"),
        ]
        return [path(route, self.admin_view(view), name=name) for route, view, name in pages]

    def admin_view(
        self, view: Callable[..., HttpResponseBase], cacheable: bool = False
    ) -> Callable[..., HttpResponseBase]:
        """A page for staff only, under the console's own content security policy."""
        guarded: Callable[..., HttpResponseBase] = super().admin_view(view, cacheable)
        return csp_replace(POLICY)(guarded)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The staff's own sign-in page."""
        answer: HttpResponse = super().login(request, extra_context)
        answer._csp_replace = POLICY  # type: ignore[attr-defined]
        return answer

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Today: what waits, and how the market stands."""
        from pifa.web.operator.today import today

        page: TemplateResponse = super().index(request, {**(extra_context or {}), **today(request)})
        return page
