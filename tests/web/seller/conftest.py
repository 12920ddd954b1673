"""A seller with an offer and a buyer, and their people signed in."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pifa.kernel.actors import Actor, Role
from pifa.parties.models import User
from tests.catalog import market as goods
from tests.trade import market


def body(answer: Any) -> str:
    """A page as it was answered."""
    text: str = answer.content.decode()
    return text


def streamed(answer: Any) -> bytes:
    """A file as it was answered."""
    return b"".join(answer.streaming_content)


def worksheet(data: bytes) -> Worksheet:
    """The sheet of a workbook that was answered."""
    sheet = load_workbook(io.BytesIO(data)).active
    assert isinstance(sheet, Worksheet)
    return sheet


@pytest.fixture
def trading(db: None) -> market.Trading:
    return market.trading()


def signed_in(actor: Actor) -> Client:
    """A browser without script in which an actor's person is signed in."""
    assert actor.user_id is not None
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


@pytest.fixture
def owner(trading: market.Trading) -> Client:
    return signed_in(trading.selling)


@pytest.fixture
def clerk(trading: market.Trading) -> Client:
    return signed_in(goods.actor(trading.seller, Role.CLERK))


@pytest.fixture
def bookkeeper(trading: market.Trading) -> Client:
    return signed_in(goods.actor(trading.seller, Role.FINANCE))


@pytest.fixture
def buyer(trading: market.Trading) -> Client:
    return signed_in(trading.buying)
