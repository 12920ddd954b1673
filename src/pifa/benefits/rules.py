"""What a grant says and what has to change to come from the grants held to those wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Held(NamedTuple):
    """Who holds what: a company and a benefit's code."""

    company_id: int
    benefit: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What is granted and why; `reason` has words under `zh` and `en` beside its figures."""

    value: Mapping[str, Any] = field(default_factory=dict)
    rule_id: str = ""
    reason: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changes:
    """Grants to end and grants to open; what is in both changes its terms."""

    ended: tuple[Held, ...]
    opened: tuple[Held, ...]


def changes(held: Mapping[Held, Terms], wanted: Mapping[Held, Terms]) -> Changes:
    """What leads from the grants of one source to those wanted.

    A grant whose value and rule stay is left as it is, even if its reason's figures moved:
    what a company holds since March it holds since March.
    """
    kept = {
        key
        for key, terms in held.items()
        if key in wanted
        and (dict(terms.value), terms.rule_id) == (dict(wanted[key].value), wanted[key].rule_id)
    }
    return Changes(
        ended=tuple(sorted(key for key in held if key not in kept)),
        opened=tuple(sorted(key for key in wanted if key not in kept)),
    )
