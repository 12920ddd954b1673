"""WeChat Pay, API v3 (微信支付): a QR code to scan (native), its page on a phone (H5).

Signing, verifying and decrypting is the client library's (docs/decisions/0031-gateway-clients.md).
Public-key mode: WeChat's own key is named by its id, so that an answer or notice signed by another
is refused without asking anybody.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from wechatpayv3 import WeChatPay, WeChatPayType

from pifa.finance.errors import (
    BadSignature,
    GatewayRefuses,
    GatewayUnavailable,
    MalformedNotice,
)
from pifa.finance.gateways import config
from pifa.finance.gateways.amounts import plain_title, read_fen
from pifa.finance.gateways.protocol import Answer, Backward, Channel, Notice, Order, Signed
from pifa.finance.methods.protocol import Outcome, Progress, Words
from pifa.finance.rules import Verdict
from pifa.kernel import clock
from pifa.kernel.money import ZERO, Money

FRESH_SECONDS = 300
"""A notice whose own time is further away is a copy of an old one: WeChat signs each anew."""

_HEADERS = (
    "Wechatpay-Signature",
    "Wechatpay-Timestamp",
    "Wechatpay-Nonce",
    "Wechatpay-Serial",
    "Wechatpay-Signature-Type",
)
_PAID = ("SUCCESS", "REFUND")
"""States of a trade whose money came; WeChat calls it refund when some of it went back."""

_OUTCOMES = {"CLOSED": Outcome.CLOSED, "REVOKED": Outcome.CLOSED, "PAYERROR": Outcome.FAILED}
_GONE = ("ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS")
_NOT_OPEN = ("ORDERPAID", "ORDER_CLOSED", "ORDERCLOSED", "TRADE_ERROR")
_BUSY = ("SYSTEM_ERROR", "SYSTEMERROR", "FREQUENCY_LIMITED", "FREQUENCY_LIMIT_EXCEED")
_KEPT = ("appid", "mchid", "out_trade_no", "transaction_id", "trade_state", "success_time")
"""What of a notice is kept: who paid is nobody's business."""

_KEPT_OF_REFUNDS = ("mchid", "out_trade_no", "transaction_id", "out_refund_no", "refund_status")


@lru_cache(maxsize=4)
def _client_of(given: config.WechatConfig) -> WeChatPay:
    client = WeChatPay(
        wechatpay_type=WeChatPayType.NATIVE,
        mchid=given.merchant_id,
        private_key=given.private_key,
        cert_serial_no=given.cert_serial,
        appid=given.app_id,
        apiv3_key=given.apiv3_key,
        notify_url=given.notify_url,
        timeout=given.timeout,
        public_key=given.wechat_key,
        public_key_id=given.wechat_key_id,
    )
    if given.server:
        client._core._gate_way = given.server.rstrip("/")
    return client


class Wechat:
    """WeChat Pay as a provider; the settings are read when it is first needed."""

    code = "wechat"
    label: Words = _("微信支付")
    app: Words = _("微信")
    limit = Money(100_000_000_00)
    channels: tuple[Channel, ...] = (Channel.QR, Channel.PHONE)

    def present(self, order: Order) -> str:
        """The text of a QR code, or the address that opens WeChat on a phone.

        The same number with the same words is the same trade, whose code is told again.
        """
        client = _client_of(_settings())
        on_phone = order.channel is Channel.PHONE
        wanted: dict[str, Any] = {
            "description": plain_title(order.title),
            "out_trade_no": order.number,
            "amount": {"total": order.amount.fen, "currency": "CNY"},
            "time_expire": order.expires_at.astimezone(clock.zone()).isoformat(timespec="seconds"),
        }
        if not on_phone:
            return _text(_done(_ask(lambda: client.pay(**wanted))), "code_url")
        scene = {"payer_client_ip": order.caller or "127.0.0.1", "h5_info": {"type": "Wap"}}
        told = _ask(lambda: client.pay(**wanted, pay_type=WeChatPayType.H5, scene_info=scene))
        back = quote(f"{settings.SITE_URL}/pay/at/{order.number}/", safe="")
        return f"{_text(_done(told), 'h5_url')}&redirect_url={back}"

    def unpack(self, body: bytes, headers: Mapping[str, str]) -> Signed:
        """The body as it was signed, and the headers that say how."""
        try:
            text = body.decode()
        except ValueError as error:
            raise MalformedNotice(field_name="body") from error
        told = {name: headers.get(name, "")[:1024] for name in _HEADERS}
        return {"body": text, "headers": told}, told["Wechatpay-Signature"]

    def verify(self, payload: Mapping[str, Any], signature: str) -> Notice:
        """The signature first, then its age; then whose it is, then what it says."""
        given = _settings()
        headers = payload["headers"]
        # Asked here, the library would go and fetch certificates for anybody's made-up serial.
        if headers["Wechatpay-Serial"] != given.wechat_key_id:
            raise BadSignature
        try:
            told = _client_of(given).callback(headers, payload["body"])
        except Exception as error:
            raise BadSignature from error
        if not told:
            raise BadSignature
        if abs(time.time() - _seconds(headers["Wechatpay-Timestamp"])) > FRESH_SECONDS:
            raise BadSignature
        return _notice(given, told)

    def answer(self, verdict: Verdict) -> Answer:
        """A code in JSON; anything but 200 makes WeChat send the notice again."""
        code, status = ("FAIL", 400) if verdict.refused else ("SUCCESS", 200)
        text = json.dumps({"code": code, "message": str(verdict.value)})
        return Answer(status, "application/json", text)

    def query(self, payment_number: str) -> Progress:
        """How the trade stands at WeChat."""
        given = _settings()
        client = _client_of(given)
        status, told = _ask(lambda: client.query(out_trade_no=payment_number))
        if told.get("code") in _GONE:
            return Progress(Outcome.CLOSED, ZERO, "")
        _done((status, told))
        if told.get("out_trade_no") != payment_number or told.get("mchid") != given.merchant_id:
            raise _unavailable("another trade")
        state = told.get("trade_state")
        if state not in _PAID:
            return Progress(_OUTCOMES.get(str(state), Outcome.WAITING), ZERO, "")
        try:
            amount = read_fen(told["amount"]["total"])
        except (KeyError, TypeError, ValueError):
            raise _unavailable("amount") from None
        return Progress(Outcome.PAID, amount, _text(told, "transaction_id"), _payer(told))

    def refund(self, back: Backward) -> bool:
        """The same number again is answered with how the refund stands by now."""
        client = _client_of(_settings())
        told = _done(
            _ask(
                lambda: client.refund(
                    out_refund_no=back.number,
                    out_trade_no=back.payment_number,
                    amount={"refund": back.amount.fen, "total": back.paid.fen, "currency": "CNY"},
                    reason=plain_title(back.reason),
                )
            )
        )
        status = _text(told, "status")
        if status in ("SUCCESS", "PROCESSING"):
            return status == "SUCCESS"
        raise GatewayRefuses(gateway=Wechat.label, why=status[:120])

    def close(self, payment_number: str) -> None:
        """One that WeChat does not know, that is paid or closed already, is left as it is."""
        client = _client_of(_settings())
        status, told = _ask(lambda: client.close(out_trade_no=payment_number))
        if told.get("code") not in (*_GONE, *_NOT_OPEN):
            _done((status, told))


def _settings() -> config.WechatConfig:
    try:
        return config.wechat()
    except ImproperlyConfigured as error:
        raise GatewayUnavailable(gateway=Wechat.label, why=str(error)) from error


def _ask(call: Callable[[], tuple[int, Any]]) -> tuple[int, dict[str, Any]]:
    """Make a call; an answer that is not signed by WeChat is no answer."""
    try:
        status, text = call()
    except Exception as error:  # noqa: BLE001 - a wrong signature is a bare Exception too
        raise _unavailable(type(error).__name__) from None
    if status >= 500 or status == 429:
        raise _unavailable(f"HTTP {status}")
    try:
        told = json.loads(text) if text else {}
    except ValueError:
        raise _unavailable("answer") from None
    if not isinstance(told, dict):
        raise _unavailable("answer")
    return status, told


def _done(answer: tuple[int, dict[str, Any]]) -> dict[str, Any]:
    status, told = answer
    if 200 <= status < 300:
        return told
    why = str(told.get("code") or f"HTTP {status}")[:120]
    raise _unavailable(why) if why in _BUSY else GatewayRefuses(gateway=Wechat.label, why=why)


def _notice(given: config.WechatConfig, told: Mapping[str, Any]) -> Notice:
    resource, event = told.get("resource"), str(told.get("event_type"))
    if not isinstance(resource, dict):
        raise MalformedNotice(field_name="resource")
    if resource.get("mchid") != given.merchant_id:
        raise MalformedNotice(field_name="mchid")
    if event.startswith("REFUND."):
        return _about_a_refund(told, resource)
    if event != "TRANSACTION.SUCCESS":
        raise MalformedNotice(field_name="event_type")
    if resource.get("appid") != given.app_id:
        raise MalformedNotice(field_name="appid")
    if resource.get("trade_state") != "SUCCESS":
        raise MalformedNotice(field_name="trade_state")
    try:
        amount = read_fen(resource["amount"]["total"])
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedNotice(field_name="amount") from error
    return Notice(
        notice_id=_field(told, "id"),
        payment_number=_field(resource, "out_trade_no"),
        receipt_no=_field(resource, "transaction_id"),
        paid=True,
        amount=amount,
        reason="",
        said={name: resource[name] for name in _KEPT if name in resource}
        | {"total_fen": amount.fen},
        payer=_payer(resource),
    )


def _payer(told: Mapping[str, Any]) -> str:
    """Who paid, by WeChat's id of the account for this merchant; only a digest of it is kept."""
    payer = told.get("payer")
    account = payer.get("openid") if isinstance(payer, Mapping) else None
    return f"wechat:{account}" if account and isinstance(account, str) else ""


def _about_a_refund(told: Mapping[str, Any], resource: Mapping[str, Any]) -> Notice:
    """Kept and no more: a refund that WeChat is at is asked for again until it is done."""
    return Notice(
        notice_id=_field(told, "id"),
        payment_number=_field(resource, "out_trade_no"),
        receipt_no=_field(resource, "transaction_id"),
        paid=False,
        amount=ZERO,
        reason="",
        undecided=True,
        said={name: resource[name] for name in _KEPT_OF_REFUNDS if name in resource},
    )


def _unavailable(why: str) -> GatewayUnavailable:
    return GatewayUnavailable(gateway=Wechat.label, why=why)


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not value:
        raise _unavailable(name)
    return value


def _field(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 64:
        raise MalformedNotice(field_name=name)
    return value


def _seconds(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() else 0.0
