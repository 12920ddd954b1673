"""Alipay as it is seen from outside: one address, signed forms in, signed JSON out."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from tools.gateway_emulator.books import Books, Fault, KeyPair, Refused, Trade, write

VERBS = {
    "alipay.trade.precreate": "create",
    "alipay.trade.query": "query",
    "alipay.trade.refund": "refund",
    "alipay.trade.close": "close",
}
_STATES = {"open": "WAIT_BUYER_PAY", "paid": "TRADE_SUCCESS", "closed": "TRADE_CLOSED"}


class Alipay(Books):
    """One application (`app_id`) of one seller."""

    code = "alipay"

    def __init__(self) -> None:
        super().__init__()
        self.app_id = "2021000000000001"
        self.seller_id = "2088000000000001"
        self.merchant_key, self.own_key, self.other_key = KeyPair(), KeyPair(), KeyPair()

    def settings(self, folder: Path, server: str) -> dict[str, str]:
        """What the market is to be told, with the keys in files of a folder."""
        return {
            "APP_ID": self.app_id,
            "SELLER_ID": self.seller_id,
            "KEY_FILE": write(folder, "alipay-app.pem", self.merchant_key.private_pem),
            "ALIPAY_KEY_FILE": write(folder, "alipay.pem", self.own_key.public_pem),
            "SERVER": f"{server}/gateway.do",
        }

    def answer(self, query: str) -> tuple[str, Fault | None]:
        """The answer to a call (the query of its address), and how the line is to break."""
        fields = self._signed(query)
        method = fields.get("method", "")
        verb = VERBS.get(method, "")
        with self.lock:
            self.asked.append(verb or method)
            fault = self.fault(verb)
            if fault is not None and not fault.done and fault.how != "forged":
                return "", fault
            try:
                told = {"code": "10000", "msg": "Success", **self._do(verb, fields)}
            except Refused as refusal:
                told = {"code": "40004", "msg": "Business Failed", "sub_code": refusal.code}
        name = method.replace(".", "_") + "_response"
        body = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        key = self.other_key if fault is not None and fault.how == "forged" else self.own_key
        return f'{{"{name}":{body},"sign":"{key.sign(body)}"}}', fault

    def visit(self, query: str) -> Trade:
        """A payer follows the address of a page."""
        fields = self._signed(query)
        wanted = json.loads(fields["biz_content"])
        with self.lock:
            return self._open(wanted, fields)

    def notice(
        self, number: str, key: KeyPair | None = None, **changes: str
    ) -> tuple[bytes, dict[str, str]]:
        """A notice about a trade, as body and headers; `changes` before it is signed."""
        trade = self.trades[number]
        said = {
            "notify_id": secrets.token_hex(17),
            "notify_type": "trade_status_sync",
            "notify_time": "2026-03-02 10:00:00",
            "app_id": self.app_id,
            "seller_id": self.seller_id,
            "out_trade_no": number,
            "trade_no": trade.receipt_no,
            "trade_status": _STATES[trade.state],
            "total_amount": _yuan(trade.fen),
            "buyer_logon_id": "sec***@example.com",
            "subject": trade.title,
            "charset": "utf-8",
            "version": "1.0",
            **changes,
        }
        text = "&".join(f"{name}={value}" for name, value in sorted(said.items()))
        signed = {**said, "sign_type": "RSA2", "sign": (key or self.own_key).sign(text)}
        content = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        return urlencode(signed).encode(), content

    def _signed(self, query: str) -> dict[str, str]:
        fields = dict(parse_qsl(query, keep_blank_values=True))
        signature = fields.pop("sign", "")
        text = "&".join(f"{name}={value}" for name, value in sorted(fields.items()))
        if not self.merchant_key.is_signed(text, signature):
            raise Refused("isv.invalid-signature")
        if fields.get("app_id") != self.app_id or fields.get("sign_type") != "RSA2":
            raise Refused("isv.invalid-app-id")
        return fields | {"sign": signature}

    def _open(self, wanted: Mapping[str, str], fields: Mapping[str, str]) -> Trade:
        if wanted.get("seller_id") != self.seller_id:
            raise Refused("ACQ.INVALID_PARAMETER")
        fen = round(float(wanted["total_amount"]) * 100)
        subject = wanted["subject"]
        trade = Trade(wanted["out_trade_no"], fen, subject, fields["notify_url"], subject)
        return self.open(trade, "ACQ.CONTEXT_INCONSISTENT")

    def _do(self, verb: str, fields: Mapping[str, str]) -> dict[str, str]:
        wanted = json.loads(fields["biz_content"])
        if verb == "create":
            trade = self._open(wanted, fields)
            if trade.state != "open":
                raise Refused("ACQ.TRADE_HAS_SUCCESS")
            code = f"https://qr.example/{trade.number}"
            return {"out_trade_no": trade.number, "qr_code": code}
        trade = self.find(wanted["out_trade_no"], "ACQ.TRADE_NOT_EXIST")
        if verb == "query":
            return {
                "out_trade_no": trade.number,
                "trade_no": trade.receipt_no,
                "trade_status": _STATES[trade.state],
                "total_amount": _yuan(trade.fen),
            }
        if verb == "close":
            if trade.state != "open":
                raise Refused("ACQ.TRADE_STATUS_ERROR")
            trade.state = "closed"
            return {"out_trade_no": trade.number}
        if verb != "refund":
            raise Refused("isv.invalid-method")
        known = wanted["out_request_no"] in trade.refunds
        fen = round(float(wanted["refund_amount"]) * 100)
        codes = ("ACQ.TRADE_STATUS_ERROR", "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL")
        self.refund(trade.number, wanted["out_request_no"], fen, codes)
        return {
            "out_trade_no": trade.number,
            "fund_change": "N" if known else "Y",
            "refund_fee": _yuan(trade.refunded),
        }


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
