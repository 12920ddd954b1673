"""The benchmark of the ledger: transfers per second beside the same inserts in raw SQL.

Both write one settlement a transfer: the transfer with its key, a posting, the payee's balance,
a hold. Each client is a process with a payee of its own, so that what is measured is the
writing and not the waiting for a row. The raw side (`ledger_client`) writes the same rows in
the same tables, one statement each, one transaction, no rule, no check.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from pifa.bench import database
from pifa.bench.ledger_client import WARM_UP
from pifa.kernel import clock
from pifa.kernel.money import Money
from pifa.ledger import commands, rules
from pifa.ledger.models import Account, Hold, Posting, Transfer
from pifa.ledger.rules import AccountKind, TransferKind
from pifa.parties.models import Company

ROUNDS = 3
"""The round with the middle share is told, and the shares of all."""

TABLES = {"transfer": Transfer, "posting": Posting, "hold": Hold}
START_SECONDS = 60


def run(*, seconds: float, clients: int) -> dict[str, Any]:
    """All figures of one run, on the database of this process, which was empty before."""
    payees = _payees(clients)
    rounds = sorted(
        (_round(payees, seconds) for _ in range(ROUNDS)), key=lambda figures: figures["share"]
    )
    return {
        "database": database.describe(),
        "clients": clients,
        "seconds": seconds,
        "statements_per_transfer": _statements(payees[0]),
        **rounds[len(rounds) // 2],
        "shares": [figures["share"] for figures in rounds],
        "books_agree": not _wrong_balances(),
    }


def _round(payees: list[int], seconds: float) -> dict[str, Any]:
    """Both sides, one right after the other: a machine's speed changes from minute to minute."""
    pifa = _measure("pifa", payees, seconds)
    raw = _measure("raw", payees, seconds)
    share = pifa["transfers_per_second"] / max(raw["transfers_per_second"], 1)
    return {"pifa": pifa, "raw_sql": raw, "share": round(share, 3)}


def _measure(side: str, payees: list[int], seconds: float) -> dict[str, Any]:
    before = _rows()
    command = [sys.executable, "-m", "pifa.bench.ledger_client", side, str(seconds)]
    clients = [
        subprocess.Popen(
            [*command, str(payee)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for payee in payees
    ]
    for client in clients:
        # It says so when it is ready; all start together.
        assert client.stdout is not None
        if client.stdout.readline().strip() != "ready":
            raise RuntimeError("a client of the benchmark did not start")
    for client in clients:
        assert client.stdin is not None
        client.stdin.write("go\n")
        client.stdin.flush()
    told = [
        json.loads(client.communicate(timeout=seconds + START_SECONDS)[0]) for client in clients
    ]
    done = sum(figures["transfers"] for figures in told)
    took = max(figures["seconds"] for figures in told)
    written = {name: count - before[name] for name, count in _rows().items()}
    wrote = done + WARM_UP * len(clients)
    return {
        "transfers": done,
        "transfers_per_second": round(done / took, 1),
        "rows_per_transfer": {name: round(rows / wrote, 2) for name, rows in written.items()},
    }


def _payees(count: int) -> list[int]:
    """Companies with their accounts open, as they are after their first payment."""
    moment = clock.now()
    found = []
    for number in range(count):
        company = Company.objects.create(
            name=f"试验厂{number}", login=f"bench-payee-{number}", created_at=moment
        )
        subject = f"order:warm-{number}"
        legs = rules.settlement(subject, company.pk, Money(1))
        commands.transfer(f"payment:warm-{number}", TransferKind.PAYMENT, legs)
        found.append(company.pk)
    return found


def _statements(payee: int) -> int:
    legs = rules.settlement("order:count", payee, Money(1))
    with CaptureQueriesContext(connection) as queries:
        commands.transfer("payment:count", TransferKind.PAYMENT, legs)
    return len(queries)


def _rows() -> dict[str, int]:
    return {name: model._default_manager.count() for name, model in TABLES.items()}


def _wrong_balances() -> bool:
    """Whether a payee's balance is not what its postings are: both sides wrote whole rows."""
    for account in Account.objects.filter(kind=AccountKind.ESCROW):
        fen = sum(account.credits.values_list("amount_fen", flat=True))
        if fen != account.balance_fen:
            return True
    return False
