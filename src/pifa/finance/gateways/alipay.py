"""Alipay (支付宝): a QR code to scan (precreate), its page on a computer, its page on a phone.

Signing and verifying is the client library's (docs/decisions/0031-gateway-clients.md).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl

from alipay import AliPay, AliPayConfig
from alipay.exceptions import AliPayException, AliPayValidationError
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from pifa.finance.errors import (
    BadSignature,
    GatewayRefuses,
    GatewayUnavailable,
    MalformedNotice,
)
from pifa.finance.gateways import config
from pifa.finance.gateways.amounts import plain_title, read_yuan, yuan_text
from pifa.finance.gateways.protocol import Answer, Backward, Channel, Notice, Order, Signed
from pifa.finance.methods.protocol import Outcome, Progress, Words
from pifa.finance.rules import Verdict
from pifa.kernel.money import ZERO, Money

_DONE = "10000"
_AT_FAULT = "20000"
"""The code by which Alipay says that it failed itself."""

_GONE = "ACQ.TRADE_NOT_EXIST"
_NOT_OPEN = ("ACQ.TRADE_STATUS_ERROR", "ACQ.REASON_TRADE_STATUS_INVALID", "ACQ.TRADE_HAS_CLOSE")
_PAID = ("TRADE_SUCCESS", "TRADE_FINISHED")
_MOST_FIELDS = 100
_KEPT = (
    "notify_id", "notify_type", "app_id", "seller_id", "trade_no", "out_trade_no",
    "trade_status", "total_amount", "refund_fee", "gmt_payment", "gmt_refund", "gmt_close",
)  # fmt: skip
"""What of a notice is kept: who paid is nobody's business but for a digest."""


class _Client(AliPay):  # type: ignore[misc]
    """The library's client, for another server than Alipay's own too (its sandbox, a test's)."""

    def __init__(self, given: config.AlipayConfig) -> None:
        super().__init__(
            appid=given.app_id,
            app_notify_url=given.notify_url,
            app_private_key_string=given.private_key,
            alipay_public_key_string=given.alipay_key,
            sign_type="RSA2",
            config=AliPayConfig(timeout=given.timeout),
        )
        if given.server:
            self._gateway = given.server

    def address_of(self, signed: str) -> str:
        """The page on which a payer goes on with what was signed."""
        return f"{self._gateway}?{signed}"


@lru_cache(maxsize=4)
def _client_of(given: config.AlipayConfig) -> _Client:
    return _Client(given)


class Alipay:
    """Alipay as a provider; the settings are read when it is first needed."""

    code = "alipay"
    label: Words = _("支付宝")
    app: Words = label
    limit = Money(100_000_000_00)
    channels: tuple[Channel, ...] = (Channel.QR, Channel.PAGE, Channel.PHONE)

    def present(self, order: Order) -> str:
        """The text of a QR code; or the signed address of a page, for which nobody is asked."""
        given = _settings()
        client = _client_of(given)
        minutes = max(1, int((order.expires_at - order.opened_at).total_seconds() // 60))
        wanted = {
            "subject": plain_title(order.title),
            "out_trade_no": order.number,
            "total_amount": yuan_text(order.amount),
            "seller_id": given.seller_id,
            "timeout_express": f"{minutes}m",
        }
        if order.channel is Channel.QR:
            told = _ask(
                lambda: client.api_alipay_trade_precreate(
                    **wanted, qr_code_timeout_express=f"{minutes}m"
                )
            )
            return _text(_checked(told), "qr_code")
        back = f"{settings.SITE_URL}/pay/at/{order.number}/"
        if order.channel is Channel.PAGE:
            return client.address_of(client.api_alipay_trade_page_pay(**wanted, return_url=back))
        return client.address_of(client.api_alipay_trade_wap_pay(**wanted, return_url=back))

    def unpack(self, body: bytes, headers: Mapping[str, str]) -> Signed:
        """A form; a field that is there twice could be read in two ways and is refused."""
        try:
            pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        except ValueError as error:
            raise MalformedNotice(field_name="form") from error
        fields = dict(pairs)
        if len(fields) != len(pairs) or "sign" not in fields:
            raise MalformedNotice(field_name="sign")
        return fields, fields["sign"]

    def verify(self, payload: Mapping[str, Any], signature: str) -> Notice:
        """The signature first; then whose it is, then what it says."""
        given = _settings()
        signed = {name: str(value) for name, value in payload.items() if name != "sign"}
        try:
            genuine = _client_of(given).verify(dict(signed), signature)
        except (AliPayException, ValueError, TypeError):
            genuine = False
        if not genuine:
            raise BadSignature
        for name, own in (("app_id", given.app_id), ("seller_id", given.seller_id)):
            if signed.get(name) != own:
                raise MalformedNotice(field_name=name)
        status = _field(signed, "trade_status")
        paid = status in _PAID
        return Notice(
            notice_id=_field(signed, "notify_id", 128)[-64:],
            payment_number=_field(signed, "out_trade_no"),
            receipt_no=_field(signed, "trade_no"),
            paid=paid,
            amount=_amount(signed.get("total_amount")),
            reason="" if paid else "closed_by_provider",
            undecided=status == "WAIT_BUYER_PAY",
            said={name: signed[name] for name in _KEPT if name in signed},
            payer=_payer(signed.get("buyer_id") or signed.get("buyer_open_id")),
        )

    def answer(self, verdict: Verdict) -> Answer:
        """The word `success`; anything else makes Alipay send the notice again."""
        if verdict.refused:
            return Answer(400, "text/plain", "fail")
        return Answer(200, "text/plain", "success")

    def query(self, payment_number: str) -> Progress:
        """How the trade stands at Alipay."""
        client = _client_of(_settings())
        told = _ask(lambda: client.api_alipay_trade_query(out_trade_no=payment_number))
        if told.get("code") != _DONE and told.get("sub_code") == _GONE:
            return Progress(Outcome.CLOSED, ZERO, "")
        _checked(told)
        if told.get("out_trade_no") != payment_number:
            raise GatewayUnavailable(gateway=self.label, why="another trade")
        status = told.get("trade_status")
        amount = _amount(told.get("total_amount"), GatewayUnavailable)
        if status in _PAID:
            payer = _payer(told.get("buyer_user_id") or told.get("buyer_open_id"))
            return Progress(Outcome.PAID, amount, _text(told, "trade_no"), payer)
        closed = status == "TRADE_CLOSED"
        return Progress(Outcome.CLOSED if closed else Outcome.WAITING, amount, "")

    def refund(self, back: Backward) -> bool:
        """The same number again is answered with what became of it the first time."""
        client = _client_of(_settings())
        told = _ask(
            lambda: client.api_alipay_trade_refund(
                yuan_text(back.amount),
                out_trade_no=back.payment_number,
                out_request_no=back.number,
                refund_reason=plain_title(back.reason),
            )
        )
        _checked(told)
        return True

    def close(self, payment_number: str) -> None:
        """One that Alipay does not know, that is paid or closed already, is left as it is."""
        client = _client_of(_settings())
        told = _ask(lambda: client.api_alipay_trade_close(out_trade_no=payment_number))
        if told.get("sub_code") not in (_GONE, *_NOT_OPEN):
            _checked(told)


def _settings() -> config.AlipayConfig:
    try:
        return config.alipay()
    except ImproperlyConfigured as error:
        raise GatewayUnavailable(gateway=Alipay.label, why=str(error)) from error


def _ask(call: Callable[[], Any]) -> dict[str, Any]:
    """Make a call; an answer that is not signed by Alipay is no answer."""
    try:
        told = call()
    except HTTPError as error:
        error.close()
        raise _unavailable(f"HTTP {error.code}") from None
    except AliPayValidationError:
        raise _unavailable("signature") from None
    except AliPayException as error:
        # Alipay signs no refusal of what it could not read; its words are in the raw answer.
        return _unsigned(error)
    except (OSError, HTTPException, ValueError, AttributeError, TypeError, IndexError) as error:
        raise _unavailable(type(error).__name__) from None
    if not isinstance(told, dict):
        raise _unavailable("answer")
    return told


def _unsigned(error: AliPayException) -> dict[str, Any]:
    """A refusal out of the library's exception; an answer that says done is none without a sign."""
    try:
        answer = json.loads(str(error).partition("message:")[2])
        told = next(part for part in answer.values() if isinstance(part, dict))
    except (ValueError, StopIteration, AttributeError):
        raise _unavailable("answer") from None
    if told.get("code") == _DONE:
        raise _unavailable("signature")
    return dict(told)


def _checked(told: dict[str, Any]) -> dict[str, Any]:
    code = told.get("code")
    if code == _DONE:
        return told
    sub_code = str(told.get("sub_code") or code)[:120]
    if code == _AT_FAULT or "SYSTEM_ERROR" in sub_code:
        raise _unavailable(sub_code)
    raise GatewayRefuses(gateway=Alipay.label, why=sub_code)


def _unavailable(why: str) -> GatewayUnavailable:
    return GatewayUnavailable(gateway=Alipay.label, why=why)


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not value:
        raise _unavailable(name)
    return value


def _field(signed: Mapping[str, str], name: str, longest: int = 64) -> str:
    value = signed.get(name, "")
    if not 0 < len(value) <= longest:
        raise MalformedNotice(field_name=name)
    return value


def _payer(account: object) -> str:
    """Who paid, by Alipay's own id of the account; only a digest of it is kept."""
    return f"alipay:{account}" if account and isinstance(account, str) else ""


def _amount(text: object, unreadable: type[Exception] = MalformedNotice) -> Money:
    try:
        return read_yuan(text)
    except ValueError as error:
        if unreadable is MalformedNotice:
            raise MalformedNotice(field_name="total_amount") from error
        raise _unavailable("total_amount") from error
