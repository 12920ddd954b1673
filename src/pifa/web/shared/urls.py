"""Addresses of the pages both centres have, to be taken into each centre's own."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from pifa.web.shared import (
    bank,
    collecting,
    company,
    credit,
    invoices,
    loans,
    notices,
    people,
    standing,
    statements,
    talk,
    transfers,
    withdrawals,
)
from pifa.web.shared.centre import Centre


def pages(centre: Centre) -> list[URLPattern]:
    """The shared pages of a centre, each under its guard."""
    known: dict[str, tuple[str, Any]] = {
        "messages": ("messages/", talk.threads),
        "message": ("messages/<int:thread_id>/", talk.thread),
        "order_thread": ("messages/order/<str:number>/", talk.order_thread),
        "notices": ("notices/", notices.notices),
        "open_notice": ("notices/<int:notice_id>/", notices.open_notice),
        "preferences": ("notices/preferences/", notices.preferences),
        "statement": ("statement/", statements.statement),
        "collection": ("collection/", collecting.collection),
        "collection_print": ("collection/print/", collecting.sheet),
        "collection_svg": ("collection/code.svg", collecting.picture),
        "collection_refund": ("collection/<str:number>/refund/", collecting.refund),
        "invoices": ("invoices/", invoices.invoices),
        "invoice": ("invoices/<str:number>/", invoices.invoice),
        "invoice_paper": ("invoices/<str:number>/papers/<int:paper_id>/", invoices.paper),
        "transfers": ("transfers/", transfers.transfers),
        "transfer_receipt": ("transfers/<str:payment_number>/receipt.pdf", transfers.receipt),
        "withdrawals": ("withdrawals/", withdrawals.withdrawals),
        "payees": ("withdrawals/accounts/", withdrawals.payees),
        "payee_remove": ("withdrawals/accounts/<int:account_id>/", withdrawals.remove_payee),
        "withdrawal_decide": ("withdrawals/<str:number>/", withdrawals.decide),
        "credit_statement": ("credit/statements/<str:number>/", credit.statement),
        "credit_statement_sheet": (
            "credit/statements/<str:number>/sheet/",
            credit.statement_sheet,
        ),
        "bank": ("bank/", bank.bank),
        "bank_passwords": ("bank/passwords/", bank.passwords),
        "bank_statement": ("bank/statement/", bank.bank_statement),
        "loans": ("loans/", loans.loans),
        "loan": ("loans/<str:number>/", loans.loan),
        "standing": ("standing/", standing.standing),
        "company": ("company/", company.company),
        "verification": ("company/verification/", company.verification),
        "licence": ("company/verification/<int:verification_id>/", company.licence),
        "members": ("company/members/", people.members),
        "tokens": ("company/tokens/", people.tokens),
    }
    return [
        path(route, centre.guard(view), {"centre": centre}, name=name)
        for name, (route, view) in known.items()
    ]
