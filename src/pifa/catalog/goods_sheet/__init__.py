"""Goods in bulk: one sheet, one row per SKU, creates and changes offers, and is written out again.

A blank cell leaves a value as it is, `-` empties it. Rows of one offer share its code (货号).
Pictures are named in the sheet and come beside it as a folder or a zip.
"""

from __future__ import annotations

from pifa.catalog.goods_sheet.bringing_in import (
    GoodsReport,
    OfferOutcome,
    bring_in,
    open_goods_sheet,
    preview,
    write_rejected,
)
from pifa.catalog.goods_sheet.columns import COLUMNS, NoGoodsHeader
from pifa.catalog.goods_sheet.taking_out import export, write_sample

__all__ = [
    "COLUMNS",
    "GoodsReport",
    "NoGoodsHeader",
    "OfferOutcome",
    "bring_in",
    "export",
    "open_goods_sheet",
    "preview",
    "write_rejected",
    "write_sample",
]
