"""Schemathesis over the whole description: what it says is what the API does.

Every endpoint is called by its documented form and by forms that break it, with the token of
a member of a company that buys and sells and with that of an operator. No 5xx, only declared
statuses, headers and content types, answers as described, tokens asked for, other methods refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from zlib import crc32

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.generation.meta import CoverageScenario

from pifa.api import once
from pifa.site.wsgi import application
from tests.api.market import SmallMarket, small_market

CONFIG = SchemathesisConfig.from_dict(
    {
        "seed": 20260302,
        "generation": {
            "max-examples": 1,
            "deterministic": True,
            "database": "none",
            "no-shrink": True,
        },
        # Every method for which an address has no endpoint is answered by one piece of code.
        "phases": {"coverage": {"unexpected-methods": ["PATCH"]}},
        "checks": {
            # The API answers 400 to what is not of the documented form, and the market's rules
            # answer 422 to what is (no such category, a weak password); so 422 is allowed here and
            # 400 is not.
            "positive_data_acceptance": {
                "expected-statuses": ["2xx", "401", "403", "404", "409", "422", "429"]
            },
        },
    }
)
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, config=CONFIG)
STAFF_ONLY = "/operator/"


@pytest.fixture
def market(db: None) -> Iterator[SmallMarket]:
    """The market; requests leave the connection of this test's transaction open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield small_market()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(suppress_health_check=list(HealthCheck))
def test_the_api_does_what_its_description_says(case: Any, market: SmallMarket) -> None:
    if (
        of_a_family(case)
        and crc32(repr((case.path, case.query, case.headers, case.body)).encode()) % 4
    ):
        return
    token = market.staff_token if STAFF_ONLY in case.path else market.token
    if case.meta.generation.mode.is_positive:
        # What fits the description shall meet something that is there.
        case.path_parameters.update(market.place(case.path))
    with each_for_itself():
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"})


def of_a_family(case: Any) -> bool:
    """Whether one piece of code answers this case alike for all: of these one in four is tried.

    They are half of all cases: five wrong types for every field, and what each endpoint does with
    a strange idempotency key.
    """
    data = case.meta.phase.data
    scenario = getattr(data, "scenario", None)
    if scenario == CoverageScenario.INCORRECT_TYPE:
        return True
    return getattr(data, "parameter", None) == once.HEADER


@contextmanager
def each_for_itself() -> Iterator[None]:
    """Undo what a call did, so that no call depends on those before it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
