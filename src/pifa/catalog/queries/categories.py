"""The category tree, read once and kept for a minute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils.translation import get_language

from pifa.catalog.models import Category
from pifa.kernel.errors import NotFound

_KEY = "catalog.categories"
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class CategoryNode:
    """A category with its children, in the order of show. `path` is the ids from the root on."""

    id: int
    slug: str
    name: str
    name_en: str
    medal_system: str
    department: str
    path: tuple[int, ...]
    children: tuple[CategoryNode, ...]

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return localized(self.name, self.name_en)

    @property
    def is_top(self) -> bool:
        """Whether it belongs to no other."""
        return len(self.path) == 1

    def walk(self) -> Iterator[CategoryNode]:
        """The category itself and everything below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class CategoryTree:
    """All categories. `top` are those without a parent."""

    top: tuple[CategoryNode, ...]
    by_id: Mapping[int, CategoryNode]
    by_slug: Mapping[str, CategoryNode]

    def find(self, category: int | str) -> CategoryNode:
        """A category by id or slug; `NotFound`."""
        node = self.by_id.get(category) if isinstance(category, int) else self.by_slug.get(category)
        if node is None:
            raise NotFound
        return node

    def trail(self, category_id: int) -> tuple[CategoryNode, ...]:
        """From the top-level category down to this one; empty for an unknown one."""
        node = self.by_id.get(category_id)
        return tuple(self.by_id[key] for key in node.path) if node else ()

    def ids_within(self, category: int | str) -> list[int]:
        """The ids of a category and of everything below it."""
        return [node.id for node in self.find(category).walk()]

    def by_name(self, text: str) -> list[CategoryNode]:
        """Categories a person may mean: a slug, a name in either language, or a path of names.

        A path is written `五金、工具/紧固件`; more than one answer means it must be fuller.
        """
        wanted = [part.strip().casefold() for part in text.replace("＞", ">").split(">")]
        if len(wanted) == 1:
            wanted = [part.strip().casefold() for part in text.rsplit("/", 1)]
        found = [node for node in self.by_id.values() if self._matches(node, wanted)]
        if not found and len(wanted) == 2:
            whole = [text.strip().casefold()]
            found = [node for node in self.by_id.values() if self._matches(node, whole)]
        return found

    def _matches(self, node: CategoryNode, wanted: list[str]) -> bool:
        if len(wanted) > len(node.path):
            return False
        tail = [self.by_id[key] for key in node.path[len(node.path) - len(wanted) :]]
        return all(
            text in (step.slug, step.name.casefold(), step.name_en.casefold())
            for text, step in zip(wanted, tail, strict=True)
        )


def categories() -> CategoryTree:
    """The category tree; one statement, or none while it is kept."""
    kept = cache.get(_KEY)
    if isinstance(kept, CategoryTree):
        return kept
    below: dict[int | None, list[Category]] = {}
    for row in Category.objects.order_by("position", "id"):
        below.setdefault(row.parent_id, []).append(row)
    by_id: dict[int, CategoryNode] = {}

    def build(parent: int | None, path: tuple[int, ...]) -> tuple[CategoryNode, ...]:
        made = []
        for row in below.get(parent, []):
            here = (*path, row.pk)
            node = CategoryNode(
                id=row.pk,
                slug=row.slug,
                name=row.name,
                name_en=row.name_en,
                medal_system=row.medal_system,
                department=row.department,
                path=here,
                children=build(row.pk, here),
            )
            by_id[row.pk] = node
            made.append(node)
        return tuple(made)

    top = build(None, ())
    tree = CategoryTree(top, by_id, {node.slug: node for node in by_id.values()})
    cache.set(_KEY, tree, _SECONDS)
    return tree


def forget_categories() -> None:
    """Drop the kept tree: for writers that set categories in bulk, which signals do not see."""
    cache.delete(_KEY)


@receiver([post_save, post_delete], sender=Category)
def _changed(**_kwargs: object) -> None:
    forget_categories()


def localized(chinese: str, english: str) -> str:
    """The words in the reader's language; Chinese where there are no English ones."""
    return english if english and (get_language() or "").startswith("en") else chinese
