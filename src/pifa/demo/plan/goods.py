"""What the sellers of the demo market sell: offers with what became of each, freight, words."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from pifa.catalog.rules import FreightBasis, FreightZoneTerms
from pifa.demo.plan.companies import SellerPlan
from pifa.demo.vocabulary import REGIONS, ZONE_NAMES, OfferSpec, make_offers, talk
from pifa.demo.vocabulary.chance import between, chance, pick, uniform
from pifa.demo.vocabulary.places import FreightZone
from pifa.kernel.money import Money

ONLINE, OFFLINE, DRAFT = "online", "offline", "draft"
IN_REVIEW, REJECTED, TAKEN_DOWN = "in_review", "rejected", "taken_down"

PROHIBITED_WORDS: tuple[tuple[str, str], ...] = (
    ("管制刀具", "管制器具禁止销售"),
    ("仿真枪", "仿真枪支禁止销售"),
    ("电捕鱼", "禁用渔具禁止销售"),
    ("高仿", "禁止销售仿冒商品"),
    ("国家级", "广告法禁用的绝对化用语"),
    ("最高级", "广告法禁用的绝对化用语"),
    ("包治百病", "虚假医疗宣传"),
    ("发票代开", "违法服务"),
)
"""Words that offers may not carry, with what each is about."""

REJECTIONS: tuple[str, ...] = (
    "图片与标题不一致,请更换主图。",
    "缺少执行标准,请在规格参数中补充。",
    "类目选择错误,请重新选择。",
    "详情中留有站外联系方式,请删除。",
)
"""Why an operator refused an offer in review."""


@dataclass(frozen=True, slots=True)
class OfferPlan:
    """An offer of a seller. `stock` per SKU is what lies there before the trade that is told."""

    index: int
    seller: int
    spec: OfferSpec
    state: str
    visibility: str
    scene: str
    reason: str
    template: int


@dataclass(frozen=True, slots=True)
class TemplatePlan:
    """A freight template of a seller."""

    name: str
    basis: FreightBasis
    zones: tuple[FreightZoneTerms, ...]


def make_goods(rng: Random, sellers: list[SellerPlan], scale: float) -> list[OfferPlan]:
    """Every offer of the market; the first two of each shop are always public and on sale."""
    titles: set[str] = set()
    offers: list[OfferPlan] = []
    for seller in sellers:
        wanted = max(3, int(between(rng, 7, 13) * min(scale * 1.5, 1.0) + 0.5))
        kinds = seller.spec.line.kinds
        specs = [
            spec
            for place, kind in enumerate(kinds)
            for spec in make_offers(rng, kind, _share(wanted, len(kinds), place), titles)
        ]
        for place, spec in enumerate(specs):
            offers.append(_offer(rng, len(offers), seller, spec, place))
    return offers


def _share(wanted: int, kinds: int, place: int) -> int:
    return max(1, wanted // kinds + (1 if place < wanted % kinds else 0))


def _offer(rng: Random, index: int, seller: SellerPlan, spec: OfferSpec, place: int) -> OfferPlan:
    state, reason = ONLINE, ""
    if place >= 2:
        state, reason = _fate(rng)
    private = place >= 2 and seller.index % 4 == 0 and chance(rng, 0.35)
    custom = seller.spec.line.key in ("machining", "fabrics") and chance(rng, 0.5)
    return OfferPlan(
        index=index,
        seller=seller.index,
        spec=spec,
        state=state,
        visibility="private" if private else "public",
        scene="custom" if custom else "stock",
        reason=reason,
        template=0 if place % 4 else 1,
    )


def _fate(rng: Random) -> tuple[str, str]:
    mark = rng.random()
    if mark < 0.91:
        return ONLINE, ""
    if mark < 0.94:
        return OFFLINE, ""
    if mark < 0.955:
        return DRAFT, ""
    if mark < 0.975:
        return IN_REVIEW, ""
    if mark < 0.987:
        return REJECTED, pick(rng, REJECTIONS)
    return TAKEN_DOWN, talk.takedown_reason(rng)


def make_templates(rng: Random, seller: SellerPlan) -> tuple[TemplatePlan, TemplatePlan]:
    """A template by weight and region, and one that sends free nearby."""
    by_weight = [
        _zone(zone, 1000, first * uniform(rng, 0.9, 1.2), 1000, step * uniform(rng, 0.9, 1.2))
        for zone, first, step in (
            (FreightZone.NEAR, 4.0, 0.5),
            (FreightZone.MIDDLE, 6.0, 0.9),
            (FreightZone.FAR, 9.0, 1.6),
            (FreightZone.REMOTE, 15.0, 3.5),
        )
    ]
    outside = [zone for zone in FreightZone if zone not in (FreightZone.NEAR, FreightZone.OUTSIDE)]
    nearby = frozenset(region.code for region in REGIONS if region.zone is FreightZone.NEAR)
    far = frozenset(region.code for region in REGIONS if region.zone in outside)
    pieces = (
        FreightZoneTerms(nearby, 1, Money(0), 1, Money(0)),
        FreightZoneTerms(far, 200, Money(between(rng, 8, 15) * 100), 200, Money(200)),
    )
    return (
        TemplatePlan("按重量计费(标准)", FreightBasis.WEIGHT, tuple(by_weight)),
        TemplatePlan(f"{ZONE_NAMES[FreightZone.NEAR]}包邮", FreightBasis.PIECES, pieces),
    )


def _zone(
    zone: FreightZone, first_units: int, first: float, step_units: int, step: float
) -> FreightZoneTerms:
    regions = frozenset(region.code for region in REGIONS if region.zone is zone)
    return FreightZoneTerms(
        regions,
        first_units,
        Money(int(first * 10) * 10),
        step_units,
        Money(int(step * 10) * 10),
    )
