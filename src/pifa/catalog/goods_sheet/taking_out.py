"""The goods of a seller as a sheet: the very one that can be brought in again."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import IO, Literal

from pifa.catalog.goods_sheet import cells, plans
from pifa.catalog.goods_sheet.columns import COLUMNS, FIRST_ROW_ONLY, sheet_columns
from pifa.catalog.goods_sheet.rows import category_path
from pifa.catalog.models import Offer
from pifa.catalog.policies import may_keep
from pifa.catalog.queries.categories import CategoryTree, categories
from pifa.catalog.queries.checkout import storable
from pifa.catalog.queries.seller_goods import templates_of
from pifa.catalog.queries.stored import CHUNK, StoredOffer, picture_names, stored_by_id
from pifa.catalog.rules import SkuDraft
from pifa.kernel import audit
from pifa.kernel.actors import Actor
from pifa.kernel.sheets import write_csv, write_xlsx

_WORDS = {
    "public": "公开",
    "private": "仅私域客户",
    "stock": "现货",
    "custom": "定制加工",
    "pre_sale": "预售",
    True: "是",
    False: "否",
}


def export(
    actor: Actor,
    target: IO[bytes],
    kind: Literal["xlsx", "csv"] = "xlsx",
    *,
    offer_ids: list[int] | None = None,
) -> int:
    """Write the goods of the actor's company, or some of them; the number of rows (SKUs)."""
    seller_id = may_keep(actor)
    rows = _rows(seller_id, offer_ids)
    if kind == "csv":
        count = write_csv(target, sheet_columns(), rows)
    else:
        count = write_xlsx(target, sheet_columns(), rows, title="货品")
    audit.record(actor, "goods.export", f"company:{seller_id}", rows=count)
    return count


def write_sample(target: IO[bytes]) -> None:
    """Write an empty sheet with the headers and one row of example."""
    example: dict[str, object] = {
        "code": "LS-M8",
        "title": "304不锈钢外六角螺栓 GB5783 全螺纹",
        "category": "五金、工具 > 紧固件",
        "unit": "件",
        "moq": 100,
        "multiple": 50,
        "sku_code": "LS-M8-30",
        "spec": "尺寸:M8×30",
        "tiers": "100:0.35;1000:0.31",
        "stock": 20000,
        "weight_g": 12,
        "active": "是",
        "pictures": "m8-1.jpg;m8-2.jpg",
        "visibility": "公开",
        "scene": "现货",
        "attributes": "材质:304不锈钢;标准:GB/T 5783",
    }
    write_xlsx(
        target, sheet_columns(), [[example.get(column.key, "") for column in COLUMNS]], title="货品"
    )


def _rows(seller_id: int, offer_ids: list[int] | None) -> Iterator[list[object]]:
    tree = categories()
    templates = {terms.template_id: terms.name for terms in templates_of(seller_id)}
    offers = Offer.objects.filter(seller_id=seller_id)
    if offer_ids is not None:
        offers = offers.filter(pk__in=storable(offer_ids))
    ids = list(offers.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        stored = stored_by_id(seller_id, ids[start : start + CHUNK])
        names = picture_names({key for offer in stored.values() for key in offer.draft.picture_ids})
        for offer in stored.values():
            yield from _offer_rows(offer, tree, templates, names)


def _offer_rows(
    offer: StoredOffer, tree: CategoryTree, templates: dict[int, str], names: dict[int, str]
) -> Iterator[list[object]]:
    draft = offer.draft
    pictures = [posixpath.basename(names[key]) for key in draft.picture_ids]
    of_offer: dict[str, object] = {
        "code": draft.code,
        "title": draft.title,
        "title_en": draft.title_en,
        "category": category_path(tree, draft.category_id),
        "unit": draft.unit,
        "moq": draft.moq,
        "multiple": draft.multiple,
        "pictures": cells.write_names(pictures),
        "freight_template": templates.get(draft.freight_template_id or 0, ""),
        "visibility": _WORDS[draft.visibility],
        "scene": _WORDS[draft.scene],
        "staged": plans.write_plan(draft.staged),
        "attributes": cells.write_pairs(draft.attributes),
        "description": draft.description,
    }
    for position, sku in enumerate(draft.skus):
        shown = {**of_offer, **_sku_values(sku)}
        if position:
            shown |= dict.fromkeys(FIRST_ROW_ONLY, "")
        yield [shown[column.key] for column in COLUMNS]


def _sku_values(sku: SkuDraft) -> dict[str, object]:
    return {
        "sku_code": sku.code,
        "spec": cells.write_pairs(sku.spec),
        "tiers": cells.write_tiers(sku.tiers),
        "stock": sku.stock,
        "weight_g": cells.write_grams(sku.weight_mg),
        "active": _WORDS[sku.active],
    }
