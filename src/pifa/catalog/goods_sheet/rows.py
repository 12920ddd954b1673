"""From the rows of a sheet to typed values, cell by cell, each mistake with row and remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from pifa.catalog.goods_sheet import cells, plans
from pifa.catalog.goods_sheet.cells import CLEAR, CellError
from pifa.catalog.goods_sheet.columns import BY_KEY
from pifa.catalog.problems import FIELD_LABELS
from pifa.catalog.queries.categories import CategoryTree
from pifa.kernel.sheets import CellProblem, Row, RowError

_CAN_BE_CLEARED: Mapping[str, Any] = {
    "title_en": "",
    "description": "",
    "attributes": (),
    "pictures": (),
    "freight_template": None,
    "spec": (),
    "staged": None,
}
Reader = Callable[[str], Any]


@dataclass(slots=True)
class SheetRow:
    """A row with the values of its filled cells by column key. `raw` is the row as it came."""

    number: int
    raw: tuple[str, ...]
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)

    def refuse(self, key: str, reason: object, remedy: object) -> None:
        """Note a mistake in a cell of this row."""
        header = BY_KEY[key].header if key in BY_KEY else str(FIELD_LABELS.get(key, key))
        self.errors.append(RowError(self.number, header, str(reason), str(remedy), self.raw))


class RowReader:
    """Reads rows of one sheet for one seller."""

    def __init__(
        self, places: Mapping[str, int], tree: CategoryTree, templates: Mapping[str, int]
    ) -> None:
        self._places = places
        self._tree = tree
        self._templates = {name.casefold(): key for name, key in templates.items()}
        visibility = {"公开": "public", "public": "public"}
        visibility |= {"仅私域客户": "private", "私域": "private", "private": "private"}
        scene = {"现货": "stock", "stock": "stock", "定制加工": "custom", "custom": "custom"}
        scene |= {"预售": "pre_sale", "pre_sale": "pre_sale"}
        self._readers: dict[str, Reader] = {
            "code": cells.read_text,
            "title": cells.read_text,
            "title_en": cells.read_text,
            "category": self._category,
            "unit": cells.read_text,
            "moq": cells.read_whole,
            "multiple": cells.read_whole,
            "sku_code": cells.read_text,
            "spec": cells.read_pairs,
            "tiers": cells.read_tiers,
            "stock": cells.read_whole,
            "weight_g": cells.read_grams,
            "active": cells.read_yes_no,
            "pictures": cells.read_names,
            "freight_template": self._template,
            "visibility": cells.read_choice(visibility),
            "scene": cells.read_choice(scene),
            "staged": plans.read_plan,
            "attributes": cells.read_pairs,
            "description": cells.read_long_text,
        }

    def read(self, rows: Iterable[Row]) -> Iterator[SheetRow]:
        """Each row with its values and mistakes."""
        for row in rows:
            yield self._read(row)

    def _read(self, row: Row) -> SheetRow:
        texts = row.texts
        made = SheetRow(row.number, texts)
        for key, place in self._places.items():
            if place >= len(row.cells):
                continue
            cell = row.cells[place]
            if isinstance(cell, CellProblem):
                made.refuse(key, cell.reason, cell.remedy)
                continue
            text = texts[place]
            if not text.strip():
                continue
            if text.strip() == CLEAR and key in _CAN_BE_CLEARED:
                made.values[key] = _CAN_BE_CLEARED[key]
                continue
            try:
                made.values[key] = self._readers[key](text)
            except CellError as error:
                made.refuse(key, error.reason, error.remedy)
        if "code" not in made.values and not made.errors:
            made.refuse("code", _("没有填写货号"), _("请填写货号，同一货品的各行填写相同的货号"))
        return made

    def _category(self, text: str) -> int:
        found = self._tree.by_name(text)
        if not found:
            raise CellError(
                _("没有“{text}”这个类目").format(text=text[:40]),
                _("请填写类目列表里的名称，例如 五金、工具 > 紧固件"),
            )
        if len(found) > 1:
            paths = "；".join(category_path(self._tree, node.id) for node in found[:3])
            raise CellError(
                _("有 {count} 个类目都叫“{text}”").format(count=len(found), text=text[:40]),
                _("请写上级类目，例如 {paths}").format(paths=paths),
            )
        return found[0].id

    def _template(self, text: str) -> int:
        key = self._templates.get(" ".join(text.split()).casefold())
        if key is None:
            raise CellError(
                _("没有名为“{text}”的运费模板").format(text=text[:40]),
                _("请先在卖家中心建立这个模板，或改成已有模板的名称"),
            )
        return key


def category_path(tree: CategoryTree, category_id: int) -> str:
    """A category as the sheet names it, from the top-level one down."""
    return " > ".join(node.name for node in tree.trail(category_id))
