"""One client of the benchmark of the ledger: `python -m pifa.bench.ledger_client SIDE SECONDS PAYEE`.

It says `ready`, waits for a line, writes transfers until the time is over, and prints what it did.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg

AMOUNT = 100
WARM_UP = 20


def main() -> None:
    """Read the command line, be ready, run."""
    side, seconds, payee = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    write = (_pifa if side == "pifa" else _raw)(payee)
    for number in range(WARM_UP):
        write(f"{side}-{os.getpid()}-warm-{number}")
    print("ready", flush=True)
    sys.stdin.readline()
    count, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        write(f"{side}-{os.getpid()}-{time.time_ns()}-{count}")
        count += 1
    print(json.dumps({"transfers": count, "seconds": time.perf_counter() - begun}))


def _pifa(payee: int) -> Callable[[str], object]:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pifa.site.settings")
    django.setup()

    from pifa.kernel.money import Money
    from pifa.ledger import commands, rules
    from pifa.ledger.rules import TransferKind

    amount = Money(AMOUNT)

    def write(key: str) -> object:
        legs = rules.settlement(f"order:{key}", payee, amount)
        return commands.transfer(f"payment:{key}", TransferKind.PAYMENT, legs)

    return write


def _raw(payee: int) -> Callable[[str], object]:
    connection = psycopg.connect(os.environ["PIFA_DATABASE_URL"], prepare_threshold=1)
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM ledger_account WHERE kind = 'gateway'")
        gateway = _only(cursor)
        cursor.execute(
            "SELECT id FROM ledger_account WHERE kind = 'escrow' AND owner_id = %s", [payee]
        )
        escrow = _only(cursor)

    def write(key: str) -> None:
        moment = datetime.now(UTC)  # noqa: TID251 - the yardstick has no market clock
        subject = f"order:{key}"
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO ledger_transfer (key, kind, at) VALUES (%s, 'payment', %s)"
                " RETURNING id",
                [f"payment:{key}", moment],
            )
            transfer = _only(cursor)
            cursor.execute(
                "UPDATE ledger_account SET balance_fen = balance_fen + %s WHERE id = %s",
                [AMOUNT, escrow],
            )
            cursor.execute(
                "INSERT INTO ledger_hold (account_id, subject, held_fen, remaining_fen)"
                " VALUES (%s, %s, %s, %s)",
                [escrow, subject, AMOUNT, AMOUNT],
            )
            cursor.execute(
                "INSERT INTO ledger_posting (transfer_id, debit_id, credit_id, amount_fen,"
                " subject, at) VALUES (%s, %s, %s, %s, %s, %s)",
                [transfer, gateway, escrow, AMOUNT, subject, moment],
            )

    return write


def _only(cursor: psycopg.Cursor[Any]) -> int:
    row = cursor.fetchone()
    assert row is not None
    return int(row[0])


if __name__ == "__main__":
    main()
