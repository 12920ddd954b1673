"""Where payment gateways and carriers send their notices, and banks their lines; nothing is
believed without its signature."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from pifa.finance import commands
from pifa.finance.errors import GatewayUnavailable, MalformedNotice
from pifa.finance.gateways import registry as gateways
from pifa.finance.gateways.protocol import Answer
from pifa.finance.methods.cash_on_delivery.commands.batches import receive_batch
from pifa.finance.methods.cash_on_delivery.commands.reports import receive_report
from pifa.finance.methods.corporate_transfer.lines import receive_line
from pifa.finance.rules import Verdict
from pifa.finance.withdrawals.commands import receive_payout
from pifa.kernel.errors import NotFound
from pifa.trade.commands.tracking import receive_notice as receive_news

SIGNATURE_HEADER = "X-Gateway-Signature"
LARGEST = 64 * 1024
REFUSED: tuple[str, ...] = (Verdict.BAD_SIGNATURE, Verdict.MALFORMED)
"""In these words carriers' notices are refused as well."""


@csrf_exempt
@require_POST
def notify(request: HttpRequest, gateway: str) -> HttpResponse:
    """Take a notice, in the form and with the signature of its gateway.

    Answers as the gateway expects: well when the notice was taken (it is then sent no more), 400
    when it is not to be believed or makes no sense, 413 when it is too large, 404 for a gateway
    not worked with, 503 while the gateway's keys cannot be read (it is then sent again).
    """
    try:
        adapter = gateways.get(gateway)
        if len(request.body) > LARGEST:
            return _answered(adapter.answer(Verdict.MALFORMED), 413)
        try:
            payload, signature = adapter.unpack(request.body, request.headers)
        except MalformedNotice:
            return _answered(adapter.answer(Verdict.MALFORMED))
        return _answered(adapter.answer(commands.receive_notice(gateway, payload, signature)))
    except NotFound:
        return JsonResponse({"verdict": "unknown_gateway"}, status=404)
    except GatewayUnavailable:
        return JsonResponse({"verdict": "unavailable"}, status=503)


def _answered(answer: Answer, status: int | None = None) -> HttpResponse:
    return HttpResponse(answer.text, answer.content_type, status or answer.status)


@csrf_exempt
@require_POST
def bank_line(request: HttpRequest, bank: str) -> HttpResponse:
    """Take a line of a partner bank; in form and answers as a gateway's notice."""
    return _taken(request, lambda *said: receive_line(bank, *said), "unknown_bank")


@csrf_exempt
@require_POST
def bank_payout(request: HttpRequest, bank: str) -> HttpResponse:
    """Take a partner bank's word of a payout; in form and answers as a gateway's notice."""
    return _taken(request, lambda *said: receive_payout(bank, *said), "unknown_bank")


@csrf_exempt
@require_POST
def carrier_report(request: HttpRequest, carrier: str) -> HttpResponse:
    """Take a carrier's report from a door; in form and answers as a gateway's notice."""
    return _taken(request, lambda *said: receive_report(carrier, *said), "unknown_carrier")


@csrf_exempt
@require_POST
def carrier_batch(request: HttpRequest, carrier: str) -> HttpResponse:
    """Take a carrier's batch; in form and answers as a gateway's notice."""
    return _taken(request, lambda *said: receive_batch(carrier, *said), "unknown_carrier")


@csrf_exempt
@require_POST
def financier_word(request: HttpRequest, financier: str) -> HttpResponse:
    """Take a financier's word about a payout; in form and answers as a gateway's notice."""
    return _taken(
        request, lambda *said: commands.receive_word(financier, *said), "unknown_financier"
    )


@csrf_exempt
@require_POST
def carrier_notify(request: HttpRequest, carrier: str) -> HttpResponse:
    """Take a carrier's word of its parcels; in form and answers as a gateway's notice."""
    return _taken(request, lambda *said: receive_news(carrier, *said), "unknown_carrier")


@csrf_exempt
@require_POST
def bill_word(request: HttpRequest, bank: str) -> HttpResponse:
    """Take a bank's word of an acceptance bill; in form and answers as a gateway's notice."""
    return _taken(request, lambda *said: commands.receive_bill(bank, *said), "unknown_bank")


def _taken(
    request: HttpRequest, take: Callable[[dict[str, Any], str], str], unknown: str
) -> HttpResponse:
    if len(request.body) > LARGEST:
        return JsonResponse({"verdict": Verdict.MALFORMED}, status=413)
    try:
        payload = json.loads(request.body)
    except (ValueError, RecursionError):
        payload = None
    if not isinstance(payload, dict):
        return JsonResponse({"verdict": Verdict.MALFORMED}, status=400)
    signature = request.headers.get(SIGNATURE_HEADER, "")[:512]
    try:
        verdict = take(payload, signature)
    except NotFound:
        return JsonResponse({"verdict": unknown}, status=404)
    return JsonResponse({"verdict": verdict}, status=400 if verdict in REFUSED else 200)
