"""A group's prices go out as a sheet and come in again; a row is taken or says why not."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from django.utils import translation

from pifa.catalog import commands, queries
from pifa.catalog import group_price_sheet as sheets
from pifa.catalog.models import GroupPrice
from pifa.catalog.rules import Tier
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.money import UnitPrice
from pifa.kernel.sheets import open_sheet, write_csv, write_xlsx
from pifa.parties.models import Company
from pifa.relationships import commands as relationships
from tests.catalog import market

pytestmark = pytest.mark.django_db
HEADERS = ("货号", "SKU编码", "这组的价格")


@pytest.fixture
def seller() -> Company:
    return market.seller()


@pytest.fixture
def keeper(seller: Company) -> Actor:
    return market.actor(seller)


@pytest.fixture
def group(keeper: Actor) -> int:
    return relationships.save_group(keeper, "老客户").pk


def read(
    keeper: Actor,
    group: int,
    rows: Sequence[Sequence[object]],
    *,
    keep: bool,
    headers: Sequence[str] = HEADERS,
) -> sheets.PricesReport:
    file = io.BytesIO()
    write_csv(file, headers, rows)
    file.seek(0)
    with open_sheet(file, name="prices.csv") as sheet:
        return (sheets.bring_prices_in if keep else sheets.preview_prices)(keeper, group, sheet)


def stored() -> list[tuple[int, int, int]]:
    rows = GroupPrice.objects.order_by("sku_id", "min_quantity")
    return list(rows.values_list("sku_id", "min_quantity", "price_e4"))


def test_each_row_is_taken_or_says_why_not(seller: Company, keeper: Actor, group: int) -> None:
    offer = market.offer(seller, stock=[10, 10, 10, 10], moq=5)
    theirs = market.offer(market.seller(), stock=[10])
    codes = [sku.code for sku in offer.skus.order_by("pk")]
    first, second, third, _fourth = market.sku_ids(offer)
    commands.set_group_prices(
        keeper, group, {third: [Tier(1, UnitPrice.yuan("0.5"))], second: [Tier(1, UnitPrice(100))]}
    )
    before = stored()
    rows = [
        (offer.code, codes[0], "1:0.30；500:0.28"),
        (offer.code, codes[1], "-"),
        (offer.code, codes[2], ""),
        (offer.code, codes[0], "0.1"),
        (offer.code, codes[3], "便宜"),
        (offer.code, codes[3], "6:0.3"),
        (offer.code, "nothing", "0.3"),
        (theirs.code + "x", theirs.skus.get().code, "0.3"),
        ("", codes[3], "0.3"),
    ]
    for keep in (False, True):
        report = read(keeper, group, rows, keep=keep)
        assert [one.kind for one in report.outcomes] == ["set", "cleared", "unchanged"]
        assert [(error.row, error.field) for error in report.errors] == [
            (5, "SKU编码"),
            (6, "这组的价格"),
            (7, "这组的价格"),
            (8, "SKU编码"),
            (9, "SKU编码"),
            (10, "货号"),
        ]
        assert all(error.reason and error.remedy for error in report.errors)
        assert "第 2 行" in str(report.errors[0].reason)
        if not keep:
            assert stored() == before
    assert stored() == [(first, 1, 3000), (first, 500, 2800), (third, 1, 5000)]
    assert read(keeper, group, rows[:1], keep=True).count("unchanged") == 1


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_is_written_comes_in_again(
    seller: Company, keeper: Actor, group: int, language: str
) -> None:
    offer = market.offer(seller, stock=[10, 10], breaks=[(1, "0.35"), (1000, "0.3125")])
    first, _second = market.sku_ids(offer)
    prices = {first: (Tier(1, UnitPrice.yuan("0.30")), Tier(1000, UnitPrice.yuan("0.2801")))}
    commands.set_group_prices(keeper, group, prices)
    file = io.BytesIO()
    with translation.override(language):
        count = write_xlsx(file, sheets.COLUMNS, sheets.prices_written(keeper, group))
    assert count == 2
    other = relationships.save_group(keeper, "新客户").pk
    for into, expected in ((group, {"unchanged": 2}), (other, {"set": 1, "unchanged": 1})):
        file.seek(0)
        with open_sheet(file, name="prices.xlsx") as sheet:
            report = sheets.bring_prices_in(keeper, into, sheet)
        assert report.errors == ()
        assert {kind: report.count(kind) for kind in expected} == expected
        assert queries.group_prices(keeper, into) == prices


def test_another_companys_group_is_not_found(seller: Company, keeper: Actor, group: int) -> None:
    other = market.actor(market.seller())
    with pytest.raises(NotFound):
        read(other, group, [], keep=True)
    with pytest.raises(NotFound):
        list(sheets.prices_written(other, group))


def test_a_sheet_without_a_column_or_too_long_writes_nothing(
    seller: Company, keeper: Actor, group: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = market.offer(seller, stock=[10])
    row = (offer.code, offer.skus.get().code, "0.3")
    with pytest.raises(sheets.PriceColumnMissing):
        read(keeper, group, [row[:2]], keep=True, headers=HEADERS[:2])
    monkeypatch.setattr(sheets, "MAX_ROWS", 1)
    with pytest.raises(sheets.PriceSheetTooLong):
        read(keeper, group, [row, row], keep=True)
    assert stored() == []
