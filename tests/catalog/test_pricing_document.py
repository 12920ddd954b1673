"""Every example in `docs/pricing.md` is recomputed from the document itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from pifa.catalog.goods_sheet import cells
from pifa.catalog.rules import (
    FreightBasis,
    FreightTerms,
    FreightZoneTerms,
    OfferTerms,
    Parcel,
    SkuTerms,
    freight,
    freight_of_parcels,
    grams_begun,
    price_offer,
    read_grams,
    smallest_order,
)
from pifa.kernel.money import Money
from pifa.kernel.regions import REGIONS

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "pricing.md"
NAMES = {name: code for code, name in REGIONS.items()}
Row = dict[str, str]


def tables() -> list[list[Row]]:
    """The tables of the document, each a list of rows by header."""
    found: list[list[Row]] = []
    headers: list[str] = []
    for line in DOCUMENT.read_text("utf-8").splitlines():
        if not line.startswith("|"):
            headers = []
            continue
        values = [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
        if not headers:
            headers = values
            found.append([])
        elif not set("".join(values)) <= set("- "):
            found[-1].append(dict(zip(headers, values, strict=True)))
    return found


def examples(*headers: str) -> list[Row]:
    """The numbered rows of the one table with these headers."""
    (table,) = [table for table in tables() if table and list(table[0]) == ["#", *headers]]
    return table


def offer(*breaks: str, moq: int = 1, multiple: int = 1, available: int = 10**6) -> OfferTerms:
    skus = {
        number: SkuTerms(number, str(number), cells.read_tiers(text), available)
        for number, text in enumerate(breaks, 1)
    }
    return OfferTerms(1, "外六角螺栓", "件", moq, multiple, skus)


BOLTS = ("100:0.35;1000:0.31", "100:0.42;1000:0.385")


def grams(text: str) -> int:
    return int(text.removesuffix(" g"))


def milligrams(text: str) -> int:
    return read_grams(text.removesuffix(" g"))


def template() -> FreightTerms:
    """The template that the document describes in a table of its own."""
    (rows,) = [table for table in tables() if table and next(iter(table[0])) == "zone"]
    zones = []
    for line in _lines_of("| zone |", len(rows)):
        places, first, charge, step, more = (cell.strip() for cell in line.strip("|").split("|"))
        regions = () if places == "elsewhere" else (NAMES[name] for name in places.split())
        zones.append(
            FreightZoneTerms(
                frozenset(regions), grams(first), yuan(charge), grams(step), yuan(more)
            )
        )
    return FreightTerms(1, "普通快递", FreightBasis.WEIGHT, tuple(zones))


def _lines_of(head: str, count: int) -> list[str]:
    lines = DOCUMENT.read_text("utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(head)) + 2
    return lines[start : start + count]


def yuan(text: str) -> Money:
    return Money.yuan(text.removeprefix("¥"))


@pytest.mark.parametrize("row", examples("breaks", "pieces", "unit price", "amount"))
def test_one_sku(row: Row) -> None:
    priced = price_offer(offer(row["breaks"]), {1: int(row["pieces"])})
    (line,) = priced.lines
    assert (str(line.price), str(line.amount)) == (row["unit price"], row["amount"])


@pytest.mark.parametrize("row", examples("M8×30", "M8×40", "unit prices", "lines", "goods"))
def test_several_skus(row: Row) -> None:
    wanted = {1: int(row["M8×30"]), 2: int(row["M8×40"])}
    chosen = {sku: pieces for sku, pieces in wanted.items() if pieces}
    priced = price_offer(offer(*BOLTS, moq=100, multiple=50), chosen)
    assert ", ".join(str(line.price) for line in priced.lines) == row["unit prices"]
    assert ", ".join(str(line.amount) for line in priced.lines) == row["lines"]
    assert str(priced.goods) == row["goods"]
    assert priced.can_be_ordered


@pytest.mark.parametrize("row", examples("M8×30", "M8×40", "code", "can be ordered"))
def test_refusals(row: Row) -> None:
    sent = {1: int(row["M8×30"]), 2: int(row["M8×40"])}
    if row["code"] != "catalog.bad_quantity":
        sent = {sku: pieces for sku, pieces in sent.items() if pieces}
    terms = offer(*BOLTS, moq=100, multiple=50, available=1000)
    problems = price_offer(terms, sent).problems
    assert [problem.code for problem in problems] == ([row["code"]] if row["code"] else [])
    for problem in problems:
        figures = problem.figures
        if "smallest" in figures:
            assert str(figures["smallest"]) == row["can be ordered"]
        elif "lower" in figures:
            assert f"{figures['lower']} or {figures['upper']}" == row["can be ordered"]


@pytest.mark.parametrize("row", examples("MOQ", "multiple", "fewest pieces"))
def test_fewest_pieces(row: Row) -> None:
    assert str(smallest_order(int(row["MOQ"]), int(row["multiple"]))) == row["fewest pieces"]


@pytest.mark.parametrize("row", examples("to", "weight", "freight"))
def test_freight(row: Row) -> None:
    terms = template()
    cost = freight(terms, terms.zones, NAMES[row["to"]], milligrams(row["weight"]), 1)
    assert str(cost) == row["freight"]


@pytest.mark.parametrize(
    "row", examples("to", "pieces", "weight a piece", "charged for", "freight")
)
def test_freight_of_light_pieces(row: Row) -> None:
    terms, pieces = template(), int(row["pieces"])
    weight = pieces * milligrams(row["weight a piece"])
    assert f"{grams_begun(weight)} g" == row["charged for"]
    cost = freight_of_parcels([Parcel(terms, weight, pieces)], NAMES[row["to"]])
    assert str(cost) == row["freight"]


@pytest.mark.parametrize(
    "row", examples("to", "under 普通快递", "also under 普通快递", "under 包邮", "freight")
)
def test_freight_of_an_order(row: Row) -> None:
    terms = template()
    free = FreightTerms(2, "包邮", FreightBasis.FREE)
    parcels = [
        Parcel(terms, milligrams(row["under 普通快递"]), 1),
        Parcel(terms, milligrams(row["also under 普通快递"]), 1),
        Parcel(free, milligrams(row["under 包邮"]), 1),
    ]
    assert str(freight_of_parcels(parcels, NAMES[row["to"]])) == row["freight"]


def test_no_example_is_left_out() -> None:
    numbers = [row["#"] for table in tables() for row in table if "#" in row]
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    assert len(numbers) >= 38


def test_the_words_about_rows_2_and_3_are_true() -> None:
    rows = {row["#"]: row for row in examples("breaks", "pieces", "unit price", "amount")}
    saved = yuan(rows["2"]["amount"]) - yuan(rows["3"]["amount"])
    assert f"one piece more is {saved} less" in DOCUMENT.read_text("utf-8")
    hint = price_offer(offer(rows["2"]["breaks"]), {1: 999}).next_break
    assert hint is not None
    assert (hint.more, str(hint.prices[1])) == (1, "¥0.31")
