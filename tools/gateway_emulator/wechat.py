"""WeChat Pay, API v3, as it is seen from outside: signed JSON in, signed JSON out, sealed notices."""

from __future__ import annotations

import base64
import json
import re
import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tools.gateway_emulator.books import Books, Fault, KeyPair, Refused, Trade, write

SCHEMA = "WECHATPAY2-SHA256-RSA2048"
_PART = re.compile(r'(\w+)="([^"]*)"')
_TRADE = re.compile(r"/v3/pay/transactions/out-trade-no/([^/?]+)(/close)?")
_STATES = {"open": "NOTPAY", "closed": "CLOSED"}

Reply = tuple[int, dict[str, str], bytes, Fault | None]


class Wechat(Books):
    """One merchant (`merchant_id`) and its application, in public-key mode."""

    code = "wechat"

    def __init__(self) -> None:
        super().__init__()
        self.app_id, self.merchant_id = "wx0000000000000001", "1900000001"
        self.serial, self.key_id = "5F3A" * 10, "PUB_KEY_ID_0000000000000001"
        self.apiv3_key = secrets.token_hex(16)
        self.merchant_key, self.own_key, self.other_key = KeyPair(), KeyPair(), KeyPair()
        self.slow_refunds = False

    def settings(self, folder: Path, server: str) -> dict[str, str]:
        """What the market is to be told, with the keys in files of a folder."""
        return {
            "APP_ID": self.app_id,
            "MERCHANT_ID": self.merchant_id,
            "KEY_FILE": write(folder, "wechat-merchant.pem", self.merchant_key.private_pem),
            "CERT_SERIAL": self.serial,
            "APIV3_KEY_FILE": write(folder, "wechat-apiv3.txt", self.apiv3_key + "\n"),
            "WECHAT_KEY_FILE": write(folder, "wechat.pem", self.own_key.public_pem),
            "WECHAT_KEY_ID": self.key_id,
            "SERVER": server,
        }

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: str) -> Reply:
        """The answer to a call: status, headers, body, and how the line is to break."""
        verb = self._verb(method, path)
        with self.lock:
            self.asked.append(verb)
            fault = self.fault(verb)
            if fault is not None and not fault.done and fault.how != "forged":
                return 500, {}, b"", fault
            try:
                self._check(method, path, headers, body)
                told = self._do(verb, path, json.loads(body) if body else {})
                status = 200 if told is not None else 204
            except Refused as refusal:
                told, status = {"code": refusal.code, "message": refusal.code}, refusal.status
        text = "" if told is None else json.dumps(told, ensure_ascii=False)
        forged = fault is not None and fault.how == "forged"
        signed = self._signed(text, self.other_key if forged else self.own_key)
        return status, signed | {"Content-Type": "application/json"}, text.encode(), fault

    def notice(
        self, number: str, key: KeyPair | None = None, at: float | None = None, **changes: Any
    ) -> tuple[bytes, dict[str, str]]:
        """A notice about a trade, as body and headers; `changes` before it is sealed and signed.

        `event_type` and `fen` change what it tells of and how much, `at` when it was signed.
        """
        trade = self.trades[number]
        event = changes.pop("event_type", "TRANSACTION.SUCCESS")
        fen = changes.pop("fen", trade.fen)
        resource = {
            "appid": self.app_id,
            "mchid": self.merchant_id,
            "out_trade_no": number,
            "transaction_id": trade.receipt_no,
            "trade_state": "SUCCESS",
            "success_time": "2026-03-02T10:00:00+08:00",
            "amount": {"total": fen, "payer_total": fen, "currency": "CNY"},
            "payer": {"openid": "o-nobody"},
            **changes,
        }
        nonce = secrets.token_hex(6)
        sealed = AESGCM(self.apiv3_key.encode()).encrypt(
            nonce.encode(), json.dumps(resource).encode(), b"transaction"
        )
        body = json.dumps(
            {
                "id": secrets.token_hex(16),
                "create_time": "2026-03-02T10:00:00+08:00",
                "event_type": event,
                "resource_type": "encrypt-resource",
                "resource": {
                    "algorithm": "AEAD_AES_256_GCM",
                    "ciphertext": base64.b64encode(sealed).decode(),
                    "nonce": nonce,
                    "associated_data": "transaction",
                },
            }
        )
        signed = self._signed(body, key or self.own_key, at)
        return body.encode(), signed | {"Content-Type": "application/json"}

    def _signed(self, text: str, key: KeyPair, at: float | None = None) -> dict[str, str]:
        stamp, nonce = str(int(time.time() if at is None else at)), secrets.token_hex(16)
        return {
            "Wechatpay-Serial": self.key_id,
            "Wechatpay-Timestamp": stamp,
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Signature-Type": SCHEMA,
            "Wechatpay-Signature": key.sign(f"{stamp}\n{nonce}\n{text}\n"),
        }

    def _check(self, method: str, path: str, headers: Mapping[str, str], body: str) -> None:
        scheme, _space, rest = headers.get("Authorization", "").partition(" ")
        said = dict(_PART.findall(rest))
        text = f"{method}\n{path}\n{said.get('timestamp')}\n{said.get('nonce_str')}\n{body}\n"
        if scheme != SCHEMA or not self.merchant_key.is_signed(text, said.get("signature", "")):
            raise Refused("SIGN_ERROR", 401)
        if (said["mchid"], said["serial_no"]) != (self.merchant_id, self.serial):
            raise Refused("SIGN_ERROR", 401)
        if headers.get("Wechatpay-Serial") != self.key_id:
            raise Refused("PARAM_ERROR")

    def _verb(self, method: str, path: str) -> str:
        if path in ("/v3/pay/transactions/native", "/v3/pay/transactions/h5"):
            return "create"
        if path == "/v3/refund/domestic/refunds":
            return "refund"
        if found := _TRADE.match(path):
            return "close" if found[2] and method == "POST" else "query"
        return path

    def _do(self, verb: str, path: str, wanted: dict[str, Any]) -> dict[str, Any] | None:
        if verb == "create":
            return self._create(path, wanted)
        if verb == "refund":
            return self._refund(wanted)
        found = _TRADE.match(path)
        if found is None:
            raise Refused("PARAM_ERROR")
        trade = self.find(found[1], "ORDER_NOT_EXIST")
        if verb == "close":
            if trade.state == "paid":
                raise Refused("ORDERPAID")
            trade.state = "closed"
            return None
        told: dict[str, Any] = {
            "appid": self.app_id,
            "mchid": self.merchant_id,
            "out_trade_no": trade.number,
            "trade_state": _STATES.get(trade.state, "REFUND" if trade.refunds else "SUCCESS"),
        }
        if trade.state == "paid":
            told["transaction_id"] = trade.receipt_no
            told["amount"] = {"total": trade.fen, "currency": "CNY"}
        return told

    def _create(self, path: str, wanted: dict[str, Any]) -> dict[str, Any]:
        if (wanted["appid"], wanted["mchid"]) != (self.app_id, self.merchant_id):
            raise Refused("APPID_MCHID_NOT_MATCH")
        number = wanted["out_trade_no"]
        words = json.dumps([path, wanted], sort_keys=True)
        fen, title = wanted["amount"]["total"], wanted["description"]
        trade = self.open(Trade(number, fen, title, wanted["notify_url"], words), "INVALID_REQUEST")
        if trade.state == "closed":
            raise Refused("ORDER_CLOSED")
        if path.endswith("h5"):
            return {"h5_url": f"https://wx.example/h5?prepay_id={number}"}
        return {"code_url": f"weixin://wxpay/bizpayurl?pr={number}"}

    def _refund(self, wanted: dict[str, Any]) -> dict[str, Any]:
        trade = self.find(wanted["out_trade_no"], "RESOURCE_NOT_EXISTS")
        if wanted["amount"]["total"] != trade.fen:
            raise Refused("INVALID_REQUEST")
        known = wanted["out_refund_no"] in trade.refunds
        fen = wanted["amount"]["refund"]
        self.refund(trade.number, wanted["out_refund_no"], fen, ("INVALID_REQUEST", "NOT_ENOUGH"))
        done = known or not self.slow_refunds
        return {
            "out_refund_no": wanted["out_refund_no"],
            "out_trade_no": trade.number,
            "status": "SUCCESS" if done else "PROCESSING",
        }
