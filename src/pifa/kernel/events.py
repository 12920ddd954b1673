"""Facts announced by commands: handled at once by floors above, delivered later to the rest.

`emit` writes the outbox and calls the *subscribers* in the same transaction; this is how
trade hears of a settlement. *Consumers* (notices, the facts lake, webhooks) are called by
the worker after the commit, in the order of the outbox, with the market clock standing at the
moment the fact happened. What a consumer writes to this database it writes once: the event is
marked in the same transaction. What it does outside may happen again after a failure. An event
that failed is put off and lets the others pass.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, TypeVar

from django.db import transaction
from django.db.models import F, Q

from pifa.kernel import bulk, clock
from pifa.kernel.models import OutboxEvent

logger = logging.getLogger(__name__)

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
)
"""What lies between the attempts at something that fails: an outage of hours is outlived."""

MAX_ATTEMPTS = len(PAUSES) + 1
"""After so many failures it waits for an operator (`retry`)."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of announced facts. Fields are plain values; amounts are fen (`*_fen`)."""

    name: ClassVar[str]

    def payload(self) -> dict[str, Any]:
        """The fields as JSON can hold them."""
        return {name: _plain(getattr(self, name)) for name in _names(type(self))}


E = TypeVar("E", bound=Event)
Consumer = Callable[[str, dict[str, Any], datetime], None]

_subscribers: dict[type[Event], list[Callable[[Any], None]]] = defaultdict(list)
_known: dict[type[Event], tuple[str, ...]] = {}
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
    if any(_subscribers.get(type(event)) for event in events):
        bulk.flush()
        notify_subscribers(*events)


def notify_subscribers(*events: Event) -> None:
    """Call the in-transaction handlers only (for writers that insert the outbox in bulk)."""
    for event in events:
        for handler in _subscribers[type(event)]:
            handler(event)


def deliver(limit: int = 500, *, patience: float | None = None) -> int:
    """Hand waiting events to their consumers, earliest first; how many were delivered.

    An event's consumers and its mark share a transaction. One that fails is kept with its
    error and tried again after `PAUSES`, at most `MAX_ATTEMPTS` times in all. `patience`:
    seconds on the wall after which the rest is left.
    """
    ends = None if patience is None else time.monotonic() + patience
    waiting = OutboxEvent.objects.filter(
        Q(try_after=None) | Q(try_after__lte=clock.now()),
        delivered_at=None,
        attempts__lt=MAX_ATTEMPTS,
    )
    delivered = 0
    for event_id in list(waiting.order_by("id").values_list("id", flat=True)[:limit]):
        if ends is not None and time.monotonic() >= ends:
            break
        delivered += _deliver_one(event_id)
    return delivered


def stuck() -> int:
    """How many events failed for the last time and wait for an operator."""
    return OutboxEvent.objects.filter(delivered_at=None, attempts__gte=MAX_ATTEMPTS).count()


def retry(event_ids: Iterable[int]) -> int:
    """Let events that failed be tried anew at once; how many there were."""
    failed = OutboxEvent.objects.filter(pk__in=list(event_ids), delivered_at=None, attempts__gt=0)
    return failed.update(attempts=0, try_after=None)


def _deliver_one(event_id: int) -> int:
    try:
        with transaction.atomic():
            # A second worker waits here, so that nobody overtakes: the order is kept.
            rows = OutboxEvent.objects.select_for_update()
            event = rows.filter(pk=event_id, delivered_at=None).first()
            if event is None:
                return 0
            with clock.frozen(event.happened_at):
                for names, handler in _consumers.values():
                    if event.name in names:
                        handler(event.name, event.payload, event.happened_at)
            event.delivered_at = clock.now()
            event.save(update_fields=["delivered_at"])
    except Exception as error:
        logger.exception("the event %s could not be delivered", event_id)
        _put_off(event_id, error)
        return 0
    return 1


def _put_off(event_id: int, error: Exception) -> None:
    event = OutboxEvent.objects.filter(pk=event_id, delivered_at=None).first()
    if event is None:
        return
    pause = PAUSES[min(event.attempts, len(PAUSES) - 1)]
    OutboxEvent.objects.filter(pk=event_id, delivered_at=None).update(
        attempts=F("attempts") + 1,
        try_after=clock.now() + pause,
        error=repr(error).replace("\x00", "")[:2000],
    )


def _names(event: type[Event]) -> tuple[str, ...]:
    """The fields of a kind of event, looked up once."""
    found = _known.get(event)
    if found is None:
        found = _known[event] = tuple(field.name for field in fields(event))
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | list | frozenset | set):
        return [_plain(item) for item in value]
    return value
