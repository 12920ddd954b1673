"""What a picture is drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

View = Literal["single", "group", "detail"]

VIEWS: tuple[View, ...] = ("single", "group", "detail")
"""The views of an offer, its main picture first."""


@dataclass(frozen=True, slots=True)
class PictureParams:
    """What distinguishes one picture of a kind from another.

    `tones` are the colours the goods come in, at least one: each is `#rrggbb` of the body and, if
    the goods have two colours, of the accent and so on. The first is shown alone, a group shows
    them in turn. `size` runs 0 … 1 from the slimmest to the fullest shape; `mark` is a short Latin
    mark such as M8, or nothing. The same params give the same picture, byte for byte.
    """

    view: View = "single"
    seed: int = 0
    tones: tuple[tuple[str, ...], ...] = (("#c9ced6",),)
    size: float = 0.5
    mark: str = ""
