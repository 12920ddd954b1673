"""Pictures of the demo market's goods, drawn as SVG of 800 by 800.

Each kind of goods has a drawing (`families/`), which the studio shows alone, in a group or from
near. A picture is self-contained: no scripts, no references outside itself, no fonts needed except
for a short Latin mark.
"""

from __future__ import annotations

from pifa.demo.pictures.families import DRAWINGS
from pifa.demo.pictures.params import VIEWS, PictureParams, View
from pifa.demo.pictures.studio import picture

__all__ = ["DRAWINGS", "VIEWS", "PictureParams", "View", "draw"]


def draw(drawing: str, params: PictureParams) -> str:
    """The SVG of a drawing by its name (a kind's `drawing`). Raises KeyError for another name."""
    return picture(DRAWINGS[drawing], params)
