"""The knowledge of this floor: what a quantity costs, what sending costs, what an offer must be.

Pure functions and frozen dataclasses, by topic: `prices`, `freight`, `weight`, `offers`, `words`.
"""

from __future__ import annotations

from pifa.catalog.rules.freight import (
    FreightBasis,
    FreightTerms,
    FreightZoneTerms,
    Parcel,
    check_zones,
    freight,
    freight_of_parcels,
)
from pifa.catalog.rules.offers import (
    MAX_PICTURES,
    MAX_SKUS,
    MAX_TITLE,
    OfferDraft,
    OfferProblem,
    SkuDraft,
    check_offer,
    check_showable,
    check_tiers,
    spec_text,
)
from pifa.catalog.rules.prices import (
    MAX_PRICE,
    MAX_QUANTITY,
    NextBreak,
    OfferTerms,
    PricedLine,
    PricedOffer,
    SkuTerms,
    Tier,
    price_offer,
    smallest_order,
    tier_price,
)
from pifa.catalog.rules.staged import (
    KEEPERS,
    STAGED_SCENES,
    StagedPlan,
    check_plan,
    plan_problems,
    shared_plan,
)
from pifa.catalog.rules.weight import (
    MAX_WEIGHT_MG,
    grams,
    grams_begun,
    grams_text,
    milligrams,
    read_grams,
)
from pifa.catalog.rules.words import find_prohibited

__all__ = [
    "KEEPERS",
    "MAX_PICTURES",
    "MAX_PRICE",
    "MAX_QUANTITY",
    "MAX_SKUS",
    "MAX_TITLE",
    "MAX_WEIGHT_MG",
    "STAGED_SCENES",
    "FreightBasis",
    "FreightTerms",
    "FreightZoneTerms",
    "NextBreak",
    "OfferDraft",
    "OfferProblem",
    "OfferTerms",
    "Parcel",
    "PricedLine",
    "PricedOffer",
    "SkuDraft",
    "SkuTerms",
    "StagedPlan",
    "Tier",
    "check_offer",
    "check_plan",
    "check_showable",
    "check_tiers",
    "check_zones",
    "find_prohibited",
    "freight",
    "freight_of_parcels",
    "grams",
    "grams_begun",
    "grams_text",
    "milligrams",
    "plan_problems",
    "price_offer",
    "read_grams",
    "shared_plan",
    "smallest_order",
    "spec_text",
    "tier_price",
]
