"""On which line each key of a TOML text stands.

`tomllib` reads the values and refuses what is no TOML, but tells no positions; this walks the
same text again, which is known to be well-formed, and notes where keys and entries begin.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]+")
_KEY_PART = re.compile(r"[A-Za-z0-9_-]+|\"(?:\\.|[^\"\\])*\"|'[^']*'")
_DOT = re.compile(r"[ \t]*\.[ \t]*")


class Lines:
    """Line numbers, from 1, by path; a key that is not in the text stands where its table does."""

    def __init__(self, text: str) -> None:
        self._at: dict[Path, int] = {(): 1}
        for path, position in _Walk(text).entries():
            line = text.count("\n", 0, position) + 1
            self._at[path] = line
            # A table that only its parts are written of begins with the first of them.
            for depth in range(1, len(path)):
                self._at.setdefault(path[:depth], line)

    def of(self, path: Path) -> int:
        """The line of a path, or of the nearest thing that holds it."""
        while path not in self._at:
            path = path[:-1]
        return self._at[path]


class _Walk:
    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.counts: dict[Path, int] = {}

    def entries(self) -> Iterator[tuple[Path, int]]:
        """Every key and every entry of an array with the offset at which it begins."""
        table: Path = ()
        while self._skip_blank():
            start = self.position
            if self._take("[["):
                table = self._next_of(self._resolve(self._key()))
                self._after("]]")
                yield table, start
            elif self._take("["):
                table = self._resolve(self._key())
                self._after("]")
                yield table, start
            else:
                yield from self._pair(table)

    def _pair(self, table: Path) -> Iterator[tuple[Path, int]]:
        start = self.position
        key = self._key()
        yield table + key, start
        self._after("=")
        yield from self._value(table + key)

    def _value(self, path: Path) -> Iterator[tuple[Path, int]]:
        self._skip_blank()
        if self._take("["):
            place = 0
            while self._skip_blank() and not self._take("]"):
                yield (*path, place), self.position
                yield from self._value((*path, place))
                place += 1
                self._skip_blank()
                self._take(",")
        elif self._take("{"):
            while self._skip_blank() and not self._take("}"):
                yield from self._pair(path)
                self._skip_blank()
                self._take(",")
        else:
            found = _STRING.match(self.text, self.position) or _SCALAR.match(
                self.text, self.position
            )
            assert found, "tomllib has read a value here"
            self.position = found.end()

    def _key(self) -> Path:
        self._skip_blank()
        parts: list[str | int] = []
        while True:
            found = _KEY_PART.match(self.text, self.position)
            assert found, "tomllib has read a key here"
            self.position = found.end()
            parts += tomllib.loads(f"{found[0]} = 0")
            dot = _DOT.match(self.text, self.position)
            if dot is None:
                return tuple(parts)
            self.position = dot.end()

    def _resolve(self, key: Path) -> Path:
        """A header's key with the number of the array's entry that it goes on with."""
        path: Path = ()
        for part in key[:-1]:
            path = (*path, part)
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        return (*path, key[-1])

    def _next_of(self, path: Path) -> Path:
        self.counts[path] = self.counts.get(path, 0) + 1
        return (*path, self.counts[path] - 1)

    def _skip_blank(self) -> bool:
        """Pass spaces, line ends and comments; False at the end of the text."""
        found = _BLANK.match(self.text, self.position)
        assert found
        self.position = found.end()
        return self.position < len(self.text)

    def _take(self, mark: str) -> bool:
        if not self.text.startswith(mark, self.position):
            return False
        self.position += len(mark)
        return True

    def _after(self, mark: str) -> None:
        self._skip_blank()
        assert self._take(mark), "tomllib has read this mark here"
