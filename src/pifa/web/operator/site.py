"""The console's site: Django's admin with the queues added."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite


class Console(UnfoldAdminSite):
    """The console under `/console/`; only staff get in."""

    index_template = "console/index.html"
    index_title = _("今日")

    def extra_urls(self) -> list[URLPattern]:
        """The pages that are not windows on a table."""
        from pifa.web.operator import clock_page, company_page, ledger_page, queues

        pages = [
            ("queue/verifications/", queues.verifications, "queue_verifications"),
            ("queue/verifications/<int:pk>/", queues.verification, "queue_verification"),
            ("queue/verifications/<int:pk>/picture/", queues.licence_picture, "licence_picture"),
            ("queue/offers/", queues.offers, "queue_offers"),
            ("queue/offers/<int:pk>/", queues.offer, "queue_offer"),
            ("queue/disputes/", queues.disputes, "queue_disputes"),
            ("queue/disputes/<int:pk>/", queues.dispute, "queue_dispute"),
            ("company/<int:pk>/", company_page.company, "company_file"),
            ("clock/", clock_page.market_clock, "market_clock"),
            ("ledger/", ledger_page.market_ledger, "market_ledger"),
        ]
        return [path(route, self.admin_view(view), name=name) for route, view, name in pages]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Today: what waits, and how the market stands."""
        from pifa.web.operator.today import today

        page: TemplateResponse = super().index(request, {**(extra_context or {}), **today()})
        return page
