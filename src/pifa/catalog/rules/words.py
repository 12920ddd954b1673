"""Words that offers may not carry."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping


def find_prohibited(texts: Iterable[str], words: Mapping[str, str]) -> list[tuple[str, str]]:
    """The prohibited words that stand in the texts, each with what it is about.

    Width, case and blanks between characters do not hide a word; a word in Latin letters
    counts only where it stands alone (`gun` is not in `Gunther`).
    """
    plain = [unicodedata.normalize("NFKC", text).casefold() for text in texts]
    spaced = "\n".join(plain)
    closed = "\n".join(re.sub(r"[\s\-_.·*]+", "", text) for text in plain)
    return [(word, about) for word, about in words.items() if _stands_in(word, spaced, closed)]


def _stands_in(word: str, spaced: str, closed: str) -> bool:
    wanted = unicodedata.normalize("NFKC", word).casefold().strip()
    if not wanted:
        return False
    if wanted.isascii():
        return re.search(rf"(?<![a-z0-9]){re.escape(wanted)}(?![a-z0-9])", spaced) is not None
    return re.sub(r"[\s\-_.·*]+", "", wanted) in closed
