"""Clients that order as fast as they are answered, over connections that stay open."""

from __future__ import annotations

import json
import random
import threading
import time
import uuid
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any

QUANTITY = 10


@dataclass(slots=True)
class Tally:
    """What the clients saw."""

    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def figures(self, elapsed: float) -> dict[str, float | int]:
        """Orders per second and how long one took, in milliseconds."""
        took = sorted(self.seconds)
        return {
            "orders": len(took),
            "failures": len(self.failures),
            "orders_per_second": round(len(took) / elapsed, 1),
            "median_ms": round(took[len(took) // 2] * 1000, 1) if took else 0,
            "p99_ms": round(took[int(len(took) * 0.99)] * 1000, 1) if took else 0,
        }


def run(
    port: int,
    market: dict[str, Any],
    *,
    lines: int,
    seconds: float,
    clients: int,
    path: str = "/api/v1/orders",
) -> dict[str, float | int]:
    """Let clients order for a while, and tell what they saw."""
    tally, start = Tally(), threading.Barrier(clients + 1)
    until = [0.0]

    def client(number: int) -> None:
        rng = random.Random(number)
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        start.wait()
        while (now := time.perf_counter()) < until[0]:
            body, headers = _order(rng, market, lines)
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            answer = response.read()
            if response.status == 201:
                tally.seconds.append(time.perf_counter() - now)
            else:
                tally.failures.append(answer[:300].decode(errors="replace"))

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    begun = time.perf_counter()
    until[0] = begun + seconds
    start.wait()
    for thread in threads:
        thread.join()
    figures = tally.figures(time.perf_counter() - begun)
    if tally.failures:
        figures["first_failure"] = tally.failures[0]  # type: ignore[assignment]
    return figures


def _order(rng: random.Random, market: dict[str, Any], lines: int) -> tuple[bytes, dict[str, str]]:
    at = rng.randrange(len(market["sellers"]))
    buyer = rng.choice(market["buyers"])
    skus = rng.sample(market["skus"][at], lines)
    order = {
        "lines": [{"sku_id": sku, "quantity": QUANTITY} for sku in skus],
        "address_id": buyer["address"],
        "shown_total": f"{QUANTITY * lines}.00",
    }
    headers = {
        "Content-Type": "application/json",
        "Authorization": f"Bearer {buyer['token']}",
        "Idempotency-Key": uuid.uuid4().hex,
    }
    # Pifa finds these out by itself; the bare server is told.
    known = {**buyer, "seller": market["sellers"][at], "offer": market["offers"][at]}
    headers["X-Bench"] = json.dumps(known)
    return json.dumps(order).encode(), headers
