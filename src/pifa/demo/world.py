"""Where the things of a plan are in the database: the ids that commands gave them."""

from __future__ import annotations

from dataclasses import dataclass, field

from pifa.demo import pictures
from pifa.demo.beside import Drawings
from pifa.demo.pictures import PictureParams
from pifa.kernel.actors import SYSTEM, Actor


@dataclass(slots=True)
class Joined:
    """A company of the plan that signed up; actors of its people in the plan's order."""

    company_id: int
    actors: list[Actor] = field(default_factory=list)
    address_ids: list[int] = field(default_factory=list)

    @property
    def owner(self) -> Actor:
        """The owner, who may do everything for it."""
        return self.actors[0]


@dataclass(slots=True)
class World:
    """Ids and actors by the indexes of the plan."""

    operator: Actor = SYSTEM
    reviewer: Actor = SYSTEM
    arbiter: Actor = SYSTEM
    categories: dict[str, int] = field(default_factory=dict)
    sellers: list[Joined] = field(default_factory=list)
    buyers: list[Joined] = field(default_factory=list)
    templates: list[tuple[int, ...]] = field(default_factory=list)
    offers: dict[int, int] = field(default_factory=dict)
    skus: dict[int, tuple[int, ...]] = field(default_factory=dict)
    drawings: Drawings = field(default_factory=dict)

    def picture(self, drawing: str, params: PictureParams) -> str:
        """A picture as SVG: drawn beside, else now."""
        return self.drawings.get((drawing, params)) or pictures.draw(drawing, params)
