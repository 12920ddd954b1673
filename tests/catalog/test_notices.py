"""A seller hears what became of its offers, once, in its own language."""

from __future__ import annotations

import pytest
from django.utils import translation

from pifa.catalog import commands
from pifa.catalog.models import Offer
from pifa.kernel import events
from pifa.kernel.models import OutboxEvent
from pifa.messages.models import Notice
from pifa.parties.models import Company
from tests.catalog import market

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller() -> Company:
    return market.seller()


def told(seller: Company) -> list[tuple[str, dict[str, object]]]:
    """What the seller is told once the outbox is delivered, oldest first."""
    events.deliver()
    assert not OutboxEvent.objects.exclude(error="").exists()
    rows = Notice.objects.filter(company=seller).order_by("id")
    return list(rows.values_list("kind", "params"))


def in_review(seller: Company) -> Offer:
    return market.offer(seller, state="in_review", visibility="private", title="外六角螺栓")


def test_a_review_is_told_with_its_outcome(seller: Company) -> None:
    commands.review_offer(market.operator(), in_review(seller).pk, approve=True)
    refused = in_review(seller)
    commands.review_offer(market.operator(), refused.pk, approve=False, reason="图文不符")
    (_, approved), (kind, rejected) = told(seller)
    assert (kind, approved["approved"], rejected["approved"]) == ("offer_reviewed", True, False)
    assert rejected["reason"] == "图文不符"
    notice = Notice.objects.order_by("id").last()
    assert notice is not None
    assert (notice.subject, notice.company_id) == (f"offer:{refused.pk}", seller.pk)


def test_a_take_down_is_told_with_its_reason(seller: Company) -> None:
    offer = market.offer(seller, title="外六角螺栓")
    commands.take_down(market.operator(), offer.pk, "品牌侵权投诉成立")
    ((kind, params),) = told(seller)
    assert (kind, params["reason"]) == ("offer_taken_down", "品牌侵权投诉成立")


def test_ones_own_doing_is_no_news(seller: Company) -> None:
    offer = market.offer(seller, visibility="private")
    actor = market.actor(seller)
    commands.take_offline(actor, offer.pk)
    commands.put_online(actor, offer.pk)
    assert told(seller) == []


def test_low_stock_names_the_sku(seller: Company) -> None:
    offer = market.offer(seller, stock=[120], moq=100, title="外六角螺栓")
    commands.reserve({market.sku_ids(offer)[0]: 100})
    ((kind, params),) = told(seller)
    assert (kind, params["spec"], params["left"]) == ("stock_low", "M8×30", 20)


def test_refusals_read_in_english_too(seller: Company) -> None:
    offer = market.offer(seller, stock=[3], title="Bolt")
    from pifa.catalog.errors import OutOfStock

    with pytest.raises(OutOfStock) as refused:
        commands.reserve({market.sku_ids(offer)[0]: 4})
    with translation.override("en"):
        assert "wanted 4, available 3" in str(refused.value)
