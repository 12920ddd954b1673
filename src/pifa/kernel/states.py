"""State machines as tables: states, transitions, who may, what is announced.

A table is data. Commands ask it whether a verb is allowed; the documentation draws it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from pifa.kernel.errors import WrongState

SAME = "same"
"""As a target: the state stays what it is."""


@dataclass(frozen=True, slots=True)
class Transition:
    """A verb that takes a subject from one of the sources to a target state.

    `by` names who may (buyer, seller, operator, market); `emits` the announced event.
    `target` None means: back to where it came from (kept beside the state), `SAME` that it stays.
    """

    verb: str
    label: str | Promise
    sources: tuple[str, ...]
    target: str | None
    by: tuple[str, ...]
    emits: str


@dataclass(frozen=True)
class StateTable:
    """The states of one kind of subject and every way between them."""

    name: str
    states: Mapping[str, str | Promise]
    initial: str
    transitions: tuple[Transition, ...]

    def transition(self, verb: str) -> Transition:
        """The transition of a verb; `KeyError` if the table has none."""
        for transition in self.transitions:
            if transition.verb == verb:
                return transition
        raise KeyError(f"{self.name} has no verb {verb!r}")

    def allows(self, state: str, verb: str, who: str | None = None) -> bool:
        """Whether the verb is possible in a state (for one who acts)."""
        transition = self.transition(verb)
        return state in transition.sources and (who is None or who in transition.by)

    def check(self, state: str, verb: str) -> Transition:
        """The transition; `WrongState` if the state does not allow the verb."""
        transition = self.transition(verb)
        if state not in transition.sources:
            raise WrongState(state=self.states.get(state, state), verb=transition.label)
        return transition

    def verbs(self, state: str, who: str) -> list[str]:
        """The verbs that one may use in a state, in the table's order."""
        return [item.verb for item in self.transitions if state in item.sources and who in item.by]

    def mermaid(self, around: Collection[str] = ()) -> str:
        """The table as a Mermaid state diagram; `around`: only what comes to these states, stays
        in them or leaves them."""
        lines = ["stateDiagram-v2"]
        met = set(around or self.states)
        for item in self.transitions:
            for source in item.sources:
                target = source if item.target == SAME else item.target or "before_" + source
                if around and not {source, target} & set(around):
                    continue
                met |= {source, target}
                lines.append(f"    {source} --> {target}: {item.verb} ({', '.join(item.by)})")
        if self.initial in met:
            lines.insert(1, f"    [*] --> {self.initial}")
        ends = set(self.states) - {source for item in self.transitions for source in item.sources}
        lines += [f"    {state} --> [*]" for state in self.states if state in ends & met]
        return "\n".join(lines)
