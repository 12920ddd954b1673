"""The yardstick: a bare WSGI server that writes what a checkout writes, by plain SQL.

No framework, no rules, no models: it takes an order as JSON, inserts the same rows into the
same tables of the same PostgreSQL (one statement a table, one transaction) and answers with
the number. What Pifa adds (who may, what it costs, is it in stock, the same words on every
face) is what the benchmark's share measures.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

_local = threading.local()
StartResponse = Callable[[str, list[tuple[str, str]]], Any]


def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """POST an order; anything else is not this server's business."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    order = json.loads(body) | {"bench": json.loads(environ["HTTP_X_BENCH"])}
    number = place(order, environ["HTTP_IDEMPOTENCY_KEY"])
    answer = json.dumps({"numbers": [number]}).encode()
    start_response(
        "201 Created",
        [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))],
    )
    return [answer]


def _connection() -> psycopg.Connection[Any]:
    if not hasattr(_local, "connection"):
        _local.connection = psycopg.connect(os.environ["PIFA_DATABASE_URL"], prepare_threshold=1)
    connection: psycopg.Connection[Any] = _local.connection
    return connection


def place(order: dict[str, Any], key: str) -> str:
    """Write one order with everything that belongs to it; returns its number."""
    moment = datetime.now(UTC)  # noqa: TID251 - the yardstick has no market clock
    number = f"{moment:%y%m%d}{secrets.randbelow(10**10):010d}"
    subject = f"order:{number}"
    buyer, lines = order["bench"], order["lines"]
    total = sum(line["quantity"] * 100 for line in lines)
    connection = _connection()
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_idempotencykey (scope, key, fingerprint, status, body, created_at)"
            " VALUES (%s, %s, %s, 201, %s, %s)",
            (
                f"orders:member:{buyer['member']}",
                key,
                hashlib.sha256(key.encode()).hexdigest(),
                json.dumps([number]),
                moment,
            ),
        )
        _stock(cursor, lines)
        order_id = _order(cursor, order, number, total, moment)
        _lines(cursor, order_id, order, lines)
        _payable(cursor, order, subject, total, moment)
        _rest(cursor, order, subject, number, total, moment)
    return number


def _stock(cursor: psycopg.Cursor[Any], lines: list[dict[str, int]]) -> None:
    values = ", ".join(["(%s::bigint, %s::int)"] * len(lines))
    wanted = [value for line in lines for value in (line["sku_id"], line["quantity"])]
    cursor.execute(
        f"WITH w(id, n) AS (VALUES {values}), locked AS (SELECT sku.id, w.n FROM catalog_sku sku"  # noqa: S608
        " JOIN w ON w.id = sku.id ORDER BY sku.id FOR NO KEY UPDATE OF sku)"
        " UPDATE catalog_sku SET reserved = reserved + locked.n FROM locked"
        " WHERE catalog_sku.id = locked.id AND stock - reserved >= locked.n",
        wanted,
    )
    assert cursor.rowcount == len(lines)


def _order(
    cursor: psycopg.Cursor[Any],
    order: dict[str, Any],
    number: str,
    total: int,
    moment: datetime,
) -> int:
    buyer = order["bench"]
    cursor.execute(
        "INSERT INTO trade_order (number, buyer_id, seller_id, placed_by_id, channel, scene,"
        " provenance, status, status_before, goods_fen, freight_fen, adjustment_fen, total_fen,"
        " paid_fen, refunded_fen, released_fen, promised_fen, waived_fen, payments, consignee,"
        " region, address, post_code, phone, mobile, message, invoice, seller_note, close_reason,"
        " placed_at, is_cancellation)"
        " VALUES (%s, %s, %s, %s, 'public', 'stock', 'market', 'awaiting_payment', '', %s, 0, 0,"
        " %s, 0, 0, 0, 0, 0, 0, '某人', '33', '浙江 云汀市 试验路 1 号', '', '', '13000000000', '',"
        " '{}', '', '', %s, false) RETURNING id",
        (number, buyer["company"], buyer["seller"], buyer["member"], total, total, moment),
    )
    row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def _lines(
    cursor: psycopg.Cursor[Any], order_id: int, order: dict[str, Any], lines: list[dict[str, int]]
) -> None:
    one = "(%s, %s, 'goods', %s, %s, %s, '试验螺栓', '', %s, '件', %s, 10000, %s)"
    values: list[Any] = []
    for position, line in enumerate(lines, start=1):
        values += [
            order_id,
            position,
            line["sku_id"],
            order["bench"]["offer"],
            f"S{line['sku_id']}",
            f"M{line['sku_id']}",
            line["quantity"],
            line["quantity"] * 100,
        ]
    cursor.execute(
        "INSERT INTO trade_orderline (order_id, position, kind, sku_id, offer_id, code, title,"  # noqa: S608
        " title_en, spec_text, unit, quantity, price_e4, amount_fen)"
        f" VALUES {', '.join([one] * len(lines))}",
        values,
    )


def _payable(
    cursor: psycopg.Cursor[Any], order: dict[str, Any], subject: str, total: int, moment: datetime
) -> None:
    buyer = order["bench"]
    cursor.execute(
        "INSERT INTO finance_payable (number, subject, payer_id, payee_id, title, amount_fen,"
        " settled_fen, refunded_fen, released_fen, waived_fen, state, blocked, region, ways,"
        " created_at) VALUES (%s, %s, %s, %s, '试验螺栓', %s, 0, 0, 0, 0, 'open', '', '33', '[]', %s)"
        " RETURNING id",
        (
            f"B{moment:%y%m%d}{secrets.randbelow(10**10):010d}",
            subject,
            buyer["company"],
            buyer["seller"],
            total,
            moment,
        ),
    )
    row = cursor.fetchone()
    assert row is not None
    cursor.execute(
        "INSERT INTO finance_payablestage (payable_id, position, purpose, amount_fen)"
        " VALUES (%s, 0, 'full', %s)",
        (row[0], total),
    )


def _rest(
    cursor: psycopg.Cursor[Any],
    order: dict[str, Any],
    subject: str,
    number: str,
    total: int,
    moment: datetime,
) -> None:
    """Deadlines, outbox, audit."""
    buyer = order["bench"]
    pay_by = moment + timedelta(hours=72)
    cursor.execute(
        "INSERT INTO kernel_deadline (kind, subject, due_at, attempts, error)"
        " VALUES ('order.expire', %s, %s, 0, ''), ('order.payment_due', %s, %s, 0, '')",
        (subject, pay_by, subject, pay_by - timedelta(hours=6)),
    )
    payload = {
        "number": number,
        "buyer_id": buyer["company"],
        "seller_id": buyer["seller"],
        "total_fen": total,
        "channel": "public",
        "scene": "stock",
        "pay_by": pay_by.isoformat(),
    }
    cursor.execute(
        "INSERT INTO kernel_outboxevent (name, payload, happened_at, attempts, error)"
        " VALUES ('order.placed', %s, %s, 0, '')",
        (json.dumps(payload), moment),
    )
    cursor.execute(
        "INSERT INTO kernel_auditentry (at, action, actor_kind, user_id, company_id, subject,"
        " detail) VALUES (%s, 'order.place', 'member', %s, %s, %s, %s)",
        (
            moment,
            buyer["user"],
            buyer["company"],
            subject,
            json.dumps({"total_fen": total, "lines": len(order["lines"])}),
        ),
    )
