"""Goods come in and go out by the same sheet: previewed, taken offer by offer, idempotent."""

from __future__ import annotations

import random
from threading import Barrier, Thread

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from pifa.catalog import commands, goods_sheet
from pifa.catalog.goods_sheet import cells
from pifa.catalog.models import Offer, PriceBreak, Sku
from pifa.catalog.rules import Tier
from pifa.kernel.actors import Actor
from pifa.kernel.errors import Forbidden
from pifa.kernel.models import AuditEntry, OutboxEvent
from pifa.kernel.money import UnitPrice
from tests.catalog import market
from tests.catalog.goods_sheets import BOLTS, HEADERS, counts, said, sheet


@pytest.fixture
def seller(db: None) -> Actor:
    top = market.category("五金、工具", slug="tools")
    market.category("紧固件", parent=top, slug="fasteners")
    return market.actor(market.seller())


class TestComingIn:
    def test_new_offers_with_their_skus(self, seller: Actor) -> None:
        report = goods_sheet.bring_in(seller, sheet(BOLTS))
        assert counts(report) == (2, 0, 0, 0)
        assert (report.rows, report.skus_created, report.errors) == (3, 3, [])
        bolt = Offer.objects.get(code="LS-1")
        assert (bolt.title, bolt.moq, bolt.state) == ("304不锈钢外六角螺栓", 100, "draft")
        assert (bolt.min_price_e4, bolt.max_price_e4) == (3100, 4200)
        assert list(bolt.skus.order_by("position").values_list("code", "stock", "spec_text")) == [
            ("LS-1-30", 500, "M8×30"),
            ("LS-1-40", 300, "M8×40"),
        ]
        nut = Sku.objects.get(offer__code="LM-1")
        assert nut.code == "LM-1"
        assert list(nut.breaks.values_list("min_quantity", "price_e4")) == [(1, 800)]

    def test_the_second_time_nothing_changes(self, seller: Actor) -> None:
        goods_sheet.bring_in(seller, sheet(BOLTS))
        before = (AuditEntry.objects.count(), OutboxEvent.objects.count())
        stamps = list(Offer.objects.values_list("changed_at", flat=True))
        report = goods_sheet.bring_in(seller, sheet(BOLTS))
        assert counts(report) == (0, 0, 2, 0)
        assert (AuditEntry.objects.count(), OutboxEvent.objects.count()) == before
        assert list(Offer.objects.values_list("changed_at", flat=True)) == stamps

    def test_a_preview_says_the_same_and_writes_nothing(self, seller: Actor) -> None:
        goods_sheet.bring_in(seller, sheet(BOLTS[:2]))
        changed = [[*BOLTS[0][:7], "501"], BOLTS[1], BOLTS[2], ["", "没有货号", *[""] * 6]]
        report = goods_sheet.preview(seller, sheet(changed))
        assert counts(report) == (1, 1, 0, 1)
        assert [(item.code, item.kind, item.fields) for item in report.offers] == [
            ("LS-1", "changed", ("库存",)),
            ("LM-1", "created", ()),
            ("", "refused", ()),
        ]
        assert said(report) == [(5, "货号")]
        assert Offer.objects.count() == 1
        again = goods_sheet.bring_in(seller, sheet(changed))
        assert (counts(again), said(again)) == (counts(report), said(report))
        assert Sku.objects.get(code="LS-1-30").stock == 501

    def test_a_weight_has_up_to_three_decimals(self, seller: Actor) -> None:
        headers = [*HEADERS, "单重(克)"]
        rows = [
            [*row, weight] for row, weight in zip(BOLTS, ("12", "１,200.5", "0.1"), strict=True)
        ]
        assert goods_sheet.bring_in(seller, sheet(rows, headers)).errors == []
        weights = Sku.objects.order_by("code").values_list("code", "weight_mg")
        assert dict(weights) == {"LS-1-30": 12_000, "LS-1-40": 1_200_500, "LM-1": 100}
        heavier = [[*row, weight] for row, weight in zip(BOLTS, ("", "", "0.125"), strict=True)]
        report = goods_sheet.preview(seller, sheet(heavier, headers))
        changed = [item for item in report.offers if item.kind == "changed"]
        assert [(item.code, item.fields) for item in changed] == [("LM-1", ("单重(克)",))]
        for weight, remedy in (("0.0001", "最多三位小数"), ("-1", "克数"), ("3e8", "克数")):
            report = goods_sheet.preview(seller, sheet([[*BOLTS[2], weight]], headers))
            (error,) = report.errors
            assert error.field == "单重(克)"
            assert remedy in str(error.remedy)
        report = goods_sheet.preview(seller, sheet([[*BOLTS[2], "200000000"]], headers))
        assert [(error.field, error.reason) for error in report.errors] == [
            ("单重(克)", "单重 200000000 克超出范围")
        ]

    def test_blank_cells_leave_values_and_a_dash_empties_them(self, seller: Actor) -> None:
        headers = ["货号", "标题", "类目", "SKU编码", "阶梯价", "详情", "英文标题"]
        goods_sheet.bring_in(
            seller, sheet([["A", "扳手", "紧固件", "A", "1:9.9", "好用", "Spanner"]], headers)
        )
        report = goods_sheet.bring_in(seller, sheet([["A", "", "", "", "", "-", ""]], headers))
        offer = Offer.objects.get(code="A")
        assert (offer.title, offer.description, offer.title_en) == ("扳手", "", "Spanner")
        assert report.offers[0].fields == ("详情",)

    def test_columns_that_are_not_there_stay_as_they_are(self, seller: Actor) -> None:
        goods_sheet.bring_in(seller, sheet(BOLTS))
        report = goods_sheet.bring_in(
            seller, sheet([["LS-1", "LS-1-40", "7"]], ["Offer code", "sku_code", "STOCK"])
        )
        assert counts(report) == (0, 1, 0, 0)
        assert list(Sku.objects.order_by("pk").values_list("stock", "active")) == [
            (500, True),
            (7, True),
            (9000, True),
        ]

    def test_submitting_hands_in_what_can_be_shown(self, seller: Actor) -> None:
        headers = ["货号", "标题", "类目", "阶梯价", "可见范围"]
        rows = [["A", "扳手", "紧固件", "9.9", "私域"], ["B", "钳子", "紧固件", "9.9", "公开"]]
        report = goods_sheet.bring_in(seller, sheet(rows, headers), submit=True)
        assert (report.submitted, report.not_submitted) == (1, 1)
        assert dict(Offer.objects.values_list("code", "state")) == {
            "A": "in_review",
            "B": "draft",
        }
        assert "没有图片" in report.offers[1].not_submitted[0]

    def test_an_offer_on_sale_goes_back_to_review_for_words_only(self, seller: Actor) -> None:
        headers = ["货号", "标题", "类目", "阶梯价", "可见范围", "库存"]
        row = ["A", "扳手", "紧固件", "9.9", "私域", "5"]
        goods_sheet.bring_in(seller, sheet([row], headers), submit=True)
        offer = Offer.objects.get()
        commands.review_offer(market.operator(), offer.pk, approve=True)
        goods_sheet.bring_in(seller, sheet([[*row[:3], "8.8", "私域", "6"]], headers))
        offer.refresh_from_db()
        assert (offer.state, offer.min_price_e4) == ("online", 88000)
        goods_sheet.bring_in(seller, sheet([["A", "大扳手", *row[2:]]], headers))
        offer.refresh_from_db()
        assert offer.state == "in_review"

    def test_it_costs_the_same_statements_for_ten_and_a_hundred_offers(
        self, seller: Actor, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for count in (10, 100):
            rows = [
                [f"N{count}-{n}", "304螺栓", "紧固件", "", "", "", "0.1", "5"] for n in range(count)
            ]
            with django_assert_max_num_queries(20):
                assert goods_sheet.bring_in(seller, sheet(rows)).created == count

    def test_only_the_sellers_people_may(self, seller: Actor) -> None:
        with pytest.raises(Forbidden):
            goods_sheet.preview(market.operator(), sheet(BOLTS))

    def test_sellers_do_not_touch_each_others_goods(self, seller: Actor) -> None:
        goods_sheet.bring_in(seller, sheet(BOLTS))
        other = market.actor(market.seller())
        assert goods_sheet.bring_in(other, sheet(BOLTS)).created == 2
        assert Offer.objects.filter(seller_id=seller.company_id).count() == 2


def test_ten_thousand_skus_are_written_in_few_statements_and_all_of_them(
    seller: Actor, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rng = random.Random(7)
    headers = [*HEADERS, "单重(克)"]
    rows = []
    for offer in range(1000):
        for size in range(10):
            low = rng.randrange(1, 100_000)
            tiers = f"100:{(low + 50) / 10_000:.4f};1000:{low / 10_000:.4f}"
            rows.append(
                [f"T{offer}", f"螺栓 {offer}", "紧固件", "100", f"T{offer}-{size}",
                 f"尺寸:M{size}", tiers, str(rng.randrange(10**6)), "12"]
            )  # fmt: skip
    with django_assert_max_num_queries(60):
        report = goods_sheet.bring_in(seller, sheet(rows, headers))
    assert (report.created, report.skus_created, report.errors) == (1000, 10_000, [])
    assert (Sku.objects.count(), PriceBreak.objects.count()) == (10_000, 20_000)
    some = rng.choice(rows)
    sku = Sku.objects.get(code=some[4])
    assert (sku.offer.code, sku.stock, sku.spec_text) == (some[0], int(some[7]), some[5][3:])
    assert cells.write_tiers([Tier(*pair) for pair in _tiers_of(sku)]) == cells.write_tiers(
        cells.read_tiers(some[6])
    )


def _tiers_of(sku: Sku) -> list[tuple[int, UnitPrice]]:
    rows = sku.breaks.order_by("min_quantity").values_list("min_quantity", "price_e4")
    return [(quantity, UnitPrice(price)) for quantity, price in rows]


@pytest.mark.django_db(transaction=True)
def test_the_same_sheet_from_two_tabs_at_once_creates_each_offer_once() -> None:
    market.category("紧固件")
    seller = market.actor(market.seller())
    rows = [[f"R{n}", "304螺栓", "紧固件", "", "", "", "0.1", "5"] for n in range(50)]
    start = Barrier(4)
    outcomes: list[tuple[int, ...]] = []
    failures: list[Exception] = []

    def bring() -> None:
        start.wait()
        try:
            outcomes.append(counts(goods_sheet.bring_in(seller, sheet(rows))))
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shall tell it
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=bring) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(outcomes) == [(0, 0, 50, 0)] * 3 + [(50, 0, 0, 0)]
    assert (Offer.objects.count(), Sku.objects.count(), PriceBreak.objects.count()) == (50, 50, 50)
