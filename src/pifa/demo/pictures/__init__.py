"""Pictures of the demo market's goods, drawn as SVG."""

from __future__ import annotations

from pifa.demo.pictures.params import VIEWS, PictureParams, View

__all__ = ["VIEWS", "PictureParams", "View"]
