from __future__ import annotations

import pytest
from django.test import Client

from tests.build import buying
from tests.build.buying import Market


@pytest.fixture
def market(db: None) -> Market:
    return buying.small_market()


@pytest.fixture
def buyer(market: Market) -> Client:
    """A browser of the buyer's, signed in."""
    client = Client()
    client.force_login(market.user, "django.contrib.auth.backends.ModelBackend")
    return client
