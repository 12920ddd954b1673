"""Facts announced by commands: handled at once by floors above, delivered later to the rest.

`emit` writes the outbox and calls the *subscribers* in the same transaction; this is how
trade hears of a settlement. *Consumers* (notices, the facts lake, webhooks) are called by
the worker after the commit, each event once, in the order of the outbox.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar

from django.db import connection, transaction

from pifa.kernel import bulk, clock
from pifa.kernel.models import OutboxEvent

MAX_ATTEMPTS = 5


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of announced facts. Fields are plain values; amounts are fen (`*_fen`)."""

    name: ClassVar[str]

    def payload(self) -> dict[str, Any]:
        """The fields as JSON can hold them."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


E = TypeVar("E", bound=Event)
Consumer = Callable[[str, dict[str, Any], datetime], None]

_subscribers: dict[type[Event], list[Callable[[Any], None]]] = defaultdict(list)
_consumers: dict[str, tuple[frozenset[str], Consumer]] = {}


def subscribe(event_type: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register a handler that runs inside the emitting transaction."""

    def register(handler: Callable[[E], None]) -> Callable[[E], None]:
        if handler not in _subscribers[event_type]:
            _subscribers[event_type].append(handler)
        return handler

    return register


def consumer(label: str, *names: str) -> Callable[[Consumer], Consumer]:
    """Register a consumer of outbox events by name; called after the commit, by the worker."""

    def register(handler: Consumer) -> Consumer:
        _consumers[label] = (frozenset(names), handler)
        return handler

    return register


def emit(*events: Event) -> None:
    """Announce facts: one insert for all of them, then the subscribers, in order."""
    if not events:
        return
    moment = clock.now()
    bulk.insert(
        OutboxEvent,
        [
            {"name": event.name, "payload": event.payload(), "happened_at": moment}
            for event in events
        ],
        returning=None,
    )
    notify_subscribers(*events)


def notify_subscribers(*events: Event) -> None:
    """Call the in-transaction handlers only (for writers that insert the outbox in bulk)."""
    for event in events:
        for handler in _subscribers[type(event)]:
            handler(event)


def deliver(limit: int = 500) -> int:
    """Hand waiting events to their consumers; returns how many were delivered.

    An event's consumers and its mark share a transaction, so each is had once. An event
    that fails is kept with its error and tried again, `MAX_ATTEMPTS` times.
    """
    waiting = OutboxEvent.objects.filter(delivered_at=None, attempts__lt=MAX_ATTEMPTS)
    delivered = 0
    for event_id in list(waiting.order_by("id").values_list("id", flat=True)[:limit]):
        delivered += _deliver_one(event_id)
    return delivered


def _deliver_one(event_id: int) -> int:
    try:
        with transaction.atomic():
            rows = OutboxEvent.objects.filter(pk=event_id, delivered_at=None)
            if connection.features.has_select_for_update_skip_locked:
                rows = rows.select_for_update(skip_locked=True)
            event = rows.first()
            if event is None:
                return 0
            for names, handler in _consumers.values():
                if event.name in names:
                    handler(event.name, event.payload, event.happened_at)
            event.delivered_at = clock.now()
            event.save(update_fields=["delivered_at"])
    except Exception as error:  # noqa: BLE001 - one bad consumer must not stop the others' post
        OutboxEvent.objects.filter(pk=event_id).update(
            attempts=_attempts_of(event_id) + 1, error=repr(error)[:2000]
        )
        return 0
    return 1


def _attempts_of(event_id: int) -> int:
    return OutboxEvent.objects.values_list("attempts", flat=True).get(pk=event_id)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | list | frozenset | set):
        return [_plain(item) for item in value]
    return value
