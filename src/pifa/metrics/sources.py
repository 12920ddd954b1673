"""How events of the outbox become facts: each floor says it for its own events.

    @maps(OrderCompleted.name)
    def _completed(name, payload, happened_at):
        yield Fact(key=f"completed:{payload['number']}", kind=FactKind.COMPLETED, ...)

Facts are a pure function of the outbox: a mapping reads nothing but the event.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from pifa.kernel import events
from pifa.metrics.facts import Fact

Mapper = Callable[[str, dict[str, Any], datetime], Iterable[Fact]]

CONSUMER = "metrics.facts"

_mappers: dict[str, list[Mapper]] = defaultdict(list)


def maps(*names: str) -> Callable[[Mapper], Mapper]:
    """Register how events of these names become facts."""

    def register(mapper: Mapper) -> Mapper:
        for name in names:
            if mapper not in _mappers[name]:
                _mappers[name].append(mapper)
        # The consumer hears every name that some floor has mapped so far.
        events.consumer(CONSUMER, *_mappers)(_consume)
        return mapper

    return register


def names() -> tuple[str, ...]:
    """The names of the events that become facts."""
    return tuple(sorted(_mappers))


def facts_of(name: str, payload: dict[str, Any], happened_at: datetime) -> Iterator[Fact]:
    """The facts that an event becomes."""
    for mapper in _mappers.get(name, ()):
        yield from mapper(name, payload, happened_at)


def _consume(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    from pifa.metrics import commands  # they import the tables, which are not ready yet

    commands.record(facts_of(name, payload, happened_at))
