"""What sending costs: by weight or by pieces, by the region it goes to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pifa.catalog import problems
from pifa.catalog.errors import NotDelivered
from pifa.catalog.problems import Problem
from pifa.catalog.rules.weight import grams_begun
from pifa.kernel.money import ZERO, Money, total
from pifa.kernel.regions import REGIONS

MAX_UNITS = 1_000_000_000
MAX_CHARGE = Money.yuan(1_000_000)


class FreightBasis(StrEnum):
    """What freight is counted by."""

    FREE = "free"
    WEIGHT = "weight"
    PIECES = "pieces"


@dataclass(frozen=True, slots=True)
class FreightZoneTerms:
    """The charge for some regions: the first units, then each further step begun.

    Units are grams or pieces. `regions` are two-digit codes; none means everywhere else.
    """

    regions: frozenset[str]
    first_units: int
    first: Money
    step_units: int
    step: Money


@dataclass(frozen=True, slots=True)
class FreightTerms:
    """A seller's freight template with its zones."""

    template_id: int
    name: str
    basis: FreightBasis
    zones: tuple[FreightZoneTerms, ...] = ()


@dataclass(frozen=True, slots=True)
class Parcel:
    """Goods of one offer that go to one address: their template, milligrams, pieces."""

    template: FreightTerms | None
    weight_mg: int
    pieces: int


def freight(
    template: FreightTerms | None,
    zones: Sequence[FreightZoneTerms],
    region: str,
    weight_mg: int,
    pieces: int,
) -> Money:
    """Freight of goods that share a template. Without a template the seller pays for sending.

    Freight by weight is charged for whole grams: those of all goods together, a gram begun
    being one. `region` is the two-digit code of the province. Raises `NotDelivered` where no zone covers
    the region.
    """
    if template is None or template.basis is FreightBasis.FREE or pieces <= 0:
        return ZERO
    zone = _zone_for(zones, region)
    if zone is None:
        raise NotDelivered(region=REGIONS.get(region, region), template=template.name)
    units = grams_begun(weight_mg) if template.basis is FreightBasis.WEIGHT else pieces
    further = max(units - zone.first_units, 0)
    return zone.first + zone.step * -(-further // zone.step_units)


def freight_of_parcels(parcels: Iterable[Parcel], region: str) -> Money:
    """Freight of one seller's goods in one order.

    Goods under the same template are weighed and counted together and charged once; what
    different templates ask for is added up.
    """
    templates: dict[int, FreightTerms] = {}
    weights: dict[int, int] = {}
    counts: dict[int, int] = {}
    for parcel in parcels:
        if parcel.template is None:
            continue
        key = parcel.template.template_id
        templates[key] = parcel.template
        weights[key] = weights.get(key, 0) + parcel.weight_mg
        counts[key] = counts.get(key, 0) + parcel.pieces
    return total(
        freight(template, template.zones, region, weights[key], counts[key])
        for key, template in templates.items()
    )


def _zone_for(zones: Sequence[FreightZoneTerms], region: str) -> FreightZoneTerms | None:
    elsewhere = None
    for zone in zones:
        if region in zone.regions:
            return zone
        if not zone.regions:
            elsewhere = zone
    return elsewhere


def check_zones(basis: str, zones: Sequence[FreightZoneTerms]) -> list[Problem]:
    """What is wrong with a template's zones; each region may stand in one zone only."""
    found: list[Problem] = []
    if basis not in set(FreightBasis):
        return [problems.UnknownChoice("basis", value=basis)]
    if basis != FreightBasis.FREE and not zones:
        found.append(problems.NoZones("zones"))
    seen: set[str] = set()
    for zone in zones:
        for region in sorted(zone.regions):
            if region not in REGIONS:
                found.append(problems.UnknownChoice("region", value=region))
            elif region in seen:
                found.append(problems.RegionTwice("region", region=REGIONS[region]))
            seen.add(region)
        for value, low in ((zone.first_units, 0), (zone.step_units, 1)):
            if not low <= value <= MAX_UNITS:
                found.append(problems.OutOfRange("zones", value=value, low=low, high=MAX_UNITS))
        for amount in (zone.first, zone.step):
            if not 0 <= amount.fen <= MAX_CHARGE.fen:
                found.append(problems.PriceOutOfRange("zones", price=amount, limit=MAX_CHARGE))
    if sum(not zone.regions for zone in zones) > 1:
        found.append(problems.ElsewhereTwice("zones"))
    return found
