"""A state machine as a table: what it allows, refuses and draws."""

from __future__ import annotations

import pytest

from pifa.kernel.errors import WrongState
from pifa.kernel.states import StateTable, Transition

DOOR = StateTable(
    name="door",
    states={"open": "开着", "shut": "关着", "gone": "拆了"},
    initial="open",
    transitions=(
        Transition("shut", "关门", ("open",), "shut", ("guest", "host"), "door.shut"),
        Transition("open", "开门", ("shut",), "open", ("host",), "door.opened"),
        Transition("remove", "拆掉", ("open", "shut"), "gone", ("host",), "door.gone"),
        Transition("knock", "敲门", ("shut",), None, ("guest",), "door.knocked"),
    ),
)


def test_a_verb_is_possible_in_its_states_for_those_who_may() -> None:
    assert DOOR.allows("open", "shut")
    assert DOOR.allows("open", "shut", "guest")
    assert not DOOR.allows("shut", "shut")
    assert not DOOR.allows("shut", "open", "guest")


def test_check_gives_the_way_or_says_in_words_why_not() -> None:
    assert DOOR.check("shut", "remove").target == "gone"
    with pytest.raises(WrongState) as refused:
        DOOR.check("gone", "open")
    assert "拆了" in str(refused.value)
    assert "开门" in str(refused.value)


def test_an_unknown_verb_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError, match="door has no verb 'kick'"):
        DOOR.check("open", "kick")


def test_verbs_come_in_the_tables_order() -> None:
    assert DOOR.verbs("shut", "host") == ["open", "remove"]
    assert DOOR.verbs("shut", "guest") == ["knock"]
    assert DOOR.verbs("gone", "host") == []


def test_the_drawing_has_every_way_and_every_end() -> None:
    assert DOOR.mermaid().splitlines() == [
        "stateDiagram-v2",
        "    [*] --> open",
        "    open --> shut: shut (guest, host)",
        "    shut --> open: open (host)",
        "    open --> gone: remove (host)",
        "    shut --> gone: remove (host)",
        "    shut --> before_shut: knock (guest)",
        "    gone --> [*]",
    ]
