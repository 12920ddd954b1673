"""Both emulated providers behind one port of this machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.request import Request, urlopen

from tools.gateway_emulator.alipay import Alipay
from tools.gateway_emulator.books import Fault, Refused
from tools.gateway_emulator.wechat import Wechat

HANG_SECONDS = 1.0
"""How long a line that hangs says nothing: longer than the tests' market waits."""

_PAGE = """<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Emulator</title><h1>{title}</h1><p>{fen} fen</p>
<form method="post" action="/pay/{code}/{number}"><button>Pay</button></form>"""


class Emulator:
    """The two providers, and the address at which they are served."""

    def __init__(self) -> None:
        self.alipay, self.wechat = Alipay(), Wechat()
        self.address = ""

    def pay(self, code: str, number: str) -> None:
        """A payer pays a trade, and the provider tells the merchant over the network."""
        provider = self.alipay if code == "alipay" else self.wechat
        trade = provider.pay(number)
        body, headers = provider.notice(number)
        wanted = Request(trade.notify_url, body, headers, method="POST")  # noqa: S310
        with urlopen(wanted, timeout=10) as answer:  # noqa: S310
            answer.read()


@contextmanager
def served(emulator: Emulator, port: int = 0) -> Iterator[Emulator]:
    """Serve until the block ends, at a free port unless one is given."""

    class Handler(_Handler):
        pass

    Handler.emulator = emulator
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    emulator.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield emulator
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    emulator: Emulator

    def do_GET(self) -> None:
        path, _mark, query = self.path.partition("?")
        if path == "/gateway.do":
            self._alipay(query)
        else:
            self._wechat("GET", "")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.path.startswith("/pay/"):
            _empty, _pay, code, number = self.path.split("/")
            self.emulator.pay(code, number)
            self._send(200, {"Content-Type": "text/html"}, b"<h1>Paid</h1>")
        else:
            self._wechat("POST", body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the tests read what they want from the books."""

    def _alipay(self, query: str) -> None:
        if "page.pay" in query or "wap.pay" in query:
            trade = self.emulator.alipay.visit(query)
            page = _PAGE.format(
                title=trade.title, fen=trade.fen, code="alipay", number=trade.number
            )
            return self._send(200, {"Content-Type": "text/html"}, page.encode())
        try:
            text, fault = self.emulator.alipay.answer(query)
        except Refused as refusal:
            text = f'{{"error_response":{{"code":"40002","sub_code":"{refusal.code}"}}}}'
            fault = None
        self._reply(200, {"Content-Type": "application/json"}, text.encode(), fault)

    def _wechat(self, method: str, body: str) -> None:
        headers = dict(self.headers.items())
        self._reply(*self.emulator.wechat.answer(method, self.path, headers, body))

    def _reply(
        self, status: int, headers: dict[str, str], body: bytes, fault: Fault | None
    ) -> None:
        if fault is not None and fault.how == "hang":
            time.sleep(HANG_SECONDS)
            return
        if fault is not None and fault.how == "500":
            status, body = 502, b"bad gateway"
        self._send(status, headers, body)

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
