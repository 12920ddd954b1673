"""What a post may be. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_WORDS = 2000
MOST_OFFERS = 9
MOST_PICTURES = 9


@dataclass(frozen=True, slots=True)
class PostDraft:
    """A post as its seller sends it: words, goods and pictures by id in their order, groups by id
    (none: for every customer)."""

    words: str = ""
    offer_ids: Sequence[int] = ()
    picture_ids: Sequence[int] = ()
    group_ids: Sequence[int] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.words or self.offer_ids or self.picture_ids)
