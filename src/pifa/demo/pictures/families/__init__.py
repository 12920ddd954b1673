"""Drawings of goods by family; `DRAWINGS` has them all by name."""

from __future__ import annotations

from pifa.demo.pictures.families import (
    fasteners,
    gadgets,
    home,
    industry,
    leisure,
    lighting,
    packaging,
    pantry,
    tools,
    wear,
    wiring,
)
from pifa.demo.pictures.studio import Drawing

DRAWINGS: dict[str, Drawing] = {
    name: drawing
    for family in (
        fasteners,
        tools,
        packaging,
        lighting,
        wiring,
        industry,
        wear,
        leisure,
        gadgets,
        home,
        pantry,
    )
    for name, drawing in family.DRAWINGS.items()
}
