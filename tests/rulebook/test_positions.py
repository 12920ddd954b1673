"""Lines of keys in a TOML text, against a text whose lines are known by what it says."""

from __future__ import annotations

import json
import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pifa.rulebook.reading.positions import Lines, Path

TEXT = '''# [no.table] = "here
l2 = 2
"l.3" = 'a # b'
dotted . "l4" = """
[not a header]
x = 1\\""""

[t8]
l9 = [ # comment ]
  "l10", { l10b = 10, deep.l10c = [1,
    11] },
  \'\'\'
]\'\'\', # one text of two lines
]
[t8.sub]
l16 = 2018-01-01 # a day
[[many]]
l18 = { a = "}", b = ["]", \'#\'] }
[[many.inner]]
l20 = ""
[many.inner.x]
l22 = """"""
[[many]]
l24 = true
[many.y]
l26 = -1_0.5e3
'''


def test_every_key_of_a_difficult_text_stands_where_it_is_written() -> None:
    tomllib.loads(TEXT)  # it is TOML
    lines = Lines(TEXT)
    expected: dict[Path, int] = {
        ("l2",): 2,
        ("l.3",): 3,
        ("dotted", "l4"): 4,
        ("t8",): 8,
        ("t8", "l9"): 9,
        ("t8", "l9", 0): 10,
        ("t8", "l9", 1, "l10b"): 10,
        ("t8", "l9", 1, "deep", "l10c", 1): 11,
        ("t8", "l9", 2): 12,
        ("t8", "sub"): 15,
        ("t8", "sub", "l16"): 16,
        ("many", 0): 17,
        ("many", 0, "l18", "b", 1): 18,
        ("many", 0, "inner", 0): 19,
        ("many", 0, "inner", 0, "l20"): 20,
        ("many", 0, "inner", 0, "x", "l22"): 22,
        ("many", 1): 23,
        ("many", 1, "l24"): 24,
        ("many", 1, "y", "l26"): 26,
        ("many", 1, "y", "not there", 7): 25,
        ("nowhere",): 1,
    }
    assert {path: lines.of(path) for path in expected} == expected


keys = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=6)
plain = st.integers(-(10**9), 10**9) | st.booleans() | st.text("ab\"'#[]{}=,\\ \t批", max_size=12)
values = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3)
)


@given(st.dictionaries(keys, values, max_size=6), st.integers(0, 2))
def test_a_key_stands_on_its_line_whatever_stands_around_it(data: dict[str, Any], gap: int) -> None:
    """One key a line, with comments between: each is found on the line it was written to."""
    text, at = "", {}
    for key, value in data.items():
        text += "# [x] = {\n" * gap
        at[key] = text.count("\n") + 1
        text += f"{_quoted(key)} = {_toml(value)} # {{\r\n"
    assert tomllib.loads(text) == data
    lines = Lines(text)
    assert {key: lines.of((key,)) for key in data} == at
    for key, value in data.items():
        assert all(lines.of(path) == at[key] for path in _paths((key,), value))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(k)} = {_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return _quoted(value) if isinstance(value, str) else str(value).lower()


def _paths(path: Path, value: Any) -> list[Path]:
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [path, *(deep for key, item in inner for deep in _paths((*path, key), item))]
