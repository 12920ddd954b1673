"""What people type, made fit to keep: one line or several, no hidden characters, a length."""

from __future__ import annotations

import re
import unicodedata

from django.utils.functional import Promise

from pifa.parties.errors import TextLength

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_JOINERS = frozenset("\u200d\ufe0f")


def clean_line(value: str) -> str:
    """Text on one line: composed characters, single spaces, nothing invisible."""
    visible = _without_hidden(re.sub(r"\s+", " ", value))
    return re.sub(r"\s+", " ", visible).strip()


def clean_text(value: str) -> str:
    """Text with its line breaks: nothing invisible, at most one empty line in a row."""
    lines = [clean_line(line) for line in value.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def line(value: str, field: str, label: str | Promise, longest: int, *, shortest: int = 1) -> str:
    """A cleaned line of `shortest` … `longest` characters; `TextLength` names what is wrong."""
    return _checked(clean_line(value), field, label, longest, shortest)


def text(value: str, field: str, label: str | Promise, longest: int, *, shortest: int = 1) -> str:
    """Cleaned text of `shortest` … `longest` characters, line breaks kept; or `TextLength`."""
    return _checked(clean_text(value), field, label, longest, shortest)


def _checked(value: str, field: str, label: str | Promise, longest: int, shortest: int) -> str:
    if not shortest <= len(value) <= longest:
        raise TextLength(field, label=label, shortest=shortest, longest=longest, length=len(value))
    return value


def _without_hidden(value: str) -> str:
    visible = "".join(
        character
        for character in value
        if character in _JOINERS or unicodedata.category(character) not in _HIDDEN
    )
    # Last, for what was hidden may have stood between a letter and its accent.
    return unicodedata.normalize("NFC", visible)
