"""What every step of a replay stands on: the moment, who acts, what is announced and due."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

from pifa.demo.history.tables import DeadlineRow, NoticeRow, Tables
from pifa.demo.vocabulary.chance import below
from pifa.kernel import clock
from pifa.kernel.actors import SYSTEM, Actor
from pifa.kernel.events import Event
from pifa.messages.commands import NewNotice
from pifa.messages.kinds import KINDS as NOTICE_KINDS
from pifa.messages.models import Notice
from pifa.trade.events.notices import KINDS as TRADE_KINDS
from pifa.trade.events.notices import notices_of

_MAIL_TRIES = 1
Act = Callable[[], None]
_HEX = 16**12


@dataclass(frozen=True, slots=True)
class Told:
    """A member that notices are brought to."""

    member_id: int
    email: str


class Numbers:
    """Public numbers drawn from a seed instead of from the machine, each given once."""

    def __init__(self, seed: int) -> None:
        self._rng = Random(seed)
        self._given: set[str] = set()

    def number(self, prefix: str, moment: datetime) -> str:
        """A number like `kernel.ids.public_number` gives."""
        day = clock.market_day(moment)
        while True:
            found = f"{prefix}{day:%y%m%d}{below(self._rng, 10**10):010d}"
            if found not in self._given:
                self._given.add(found)
                return found

    def token(self, length: int) -> str:
        """Hexadecimal digits."""
        text = "".join(f"{below(self._rng, _HEX):012x}" for _ in range(-(-length // 12)))
        return text[:length]


class Scene:
    """The moment of a replay, its tables, and the agenda of what happens next."""

    def __init__(
        self,
        tables: Tables,
        numbers: Numbers,
        members: Mapping[int, list[Told]],
        told_since: datetime,
    ) -> None:
        self.tables = tables
        self.numbers = numbers
        self.now = datetime.min.replace(tzinfo=UTC)
        self._members = members
        self._told_since = told_since
        self._agenda: list[tuple[datetime, int, int, Act]] = []
        self._waiting: dict[str, dict[str, DeadlineRow]] = {}
        self._handlers: dict[str, Callable[[str], None]] = {}
        self._unread: dict[int, list[NoticeRow]] = {}
        self._unread_before = set(
            Notice.objects.filter(read_at=None).values_list("company_id", flat=True)
        )
        self.read_before: dict[int, datetime] = {}
        self._steps = 0

    # ---------------------------------------------------------------- what happens next
    def at(self, moment: datetime, act: Act) -> None:
        """Let something happen at a moment, behind deadlines of the same moment."""
        self._steps += 1
        heapq.heappush(self._agenda, (moment.astimezone(UTC), 1, self._steps, act))

    def run(self, until: datetime) -> None:
        """Let everything happen up to a moment, that moment included."""
        while self._agenda and self._agenda[0][0] <= until:
            self.now, _, _, act = heapq.heappop(self._agenda)
            act()

    def handle(self, kind: str, handler: Callable[[str], None]) -> None:
        """What happens at deadlines of a kind; it is given the subject."""
        self._handlers[kind] = handler

    def set_deadline(self, kind: str, subject: str, due_at: datetime) -> None:
        """As `kernel.deadlines.set_new`."""
        row: DeadlineRow = self.tables.deadlines.add(kind=kind, subject=subject, due_at=due_at)
        self._waiting.setdefault(subject, {})[kind] = row
        heapq.heappush(self._agenda, (due_at, 0, row.id, lambda: self._fall_due(row)))

    def due(self, kind: str, subject: str) -> datetime | None:
        """When a waiting deadline falls due."""
        row = self._waiting.get(subject, {}).get(kind)
        return row.due_at if row else None

    def clear(self, subject: str, *kinds: str) -> None:
        """As `kernel.deadlines.clear`."""
        waiting = self._waiting.get(subject, {})
        for kind in kinds or tuple(waiting):
            if row := waiting.pop(kind, None):
                row._dropped = True

    def _fall_due(self, row: DeadlineRow) -> None:
        if row._dropped:
            return
        del self._waiting[row.subject][row.kind]
        row.done_at = row.due_at
        self._handlers[row.kind](row.subject)

    # ---------------------------------------------------------------- what is written of it
    def audit(self, actor: Actor, action: str, subject: str, **detail: Any) -> None:
        """As `kernel.audit.record`."""
        self.tables.audit.add(
            self.now, action, actor.kind.value, actor.user_id, actor.company_id, subject, detail
        )

    def by_itself(self, action: str, subject: str, **detail: Any) -> None:
        """An entry of the market's own doing."""
        self.audit(SYSTEM, action, subject, **detail)

    def emit(self, event: Event) -> None:
        """As `kernel.events.emit`, with the worker's delivery at the same moment."""
        payload = event.payload()
        self.tables.outbox.add(event.name, payload, self.now, self.now, "")
        if event.name in TRADE_KINDS and self.tells:
            for notice in notices_of(event.name, payload):
                self.notify(notice)

    @property
    def tells(self) -> bool:
        """Whether companies are told of what happens now."""
        return self.now >= self._told_since

    def notify(self, notice: NewNotice) -> None:
        """As `messages.commands.notify`, with its mail sent at the same moment."""
        row = self.tables.notices.add(
            company_id=notice.company_id,
            kind=notice.kind,
            subject=notice.subject[:64],
            params=dict(notice.params),
            link=notice.link,
            at=self.now,
        )
        self._unread.setdefault(notice.company_id, []).append(row)
        kind = NOTICE_KINDS[notice.kind]
        add = self.tables.deliveries.add
        for member in self._members.get(notice.company_id, ()):
            if kind.in_app:
                add(row.id, member.member_id, "app", "sent", "", self.now, 0, "")
            if kind.email and member.email:
                add(
                    row.id,
                    member.member_id,
                    "email",
                    "sent",
                    member.email,
                    self.now,
                    _MAIL_TRIES,
                    "",
                )

    def read_notices(self, company_id: int) -> None:
        """As `messages.commands.mark_all_read`; also of notices that were there before."""
        if company_id in self._unread_before:
            self._unread_before.discard(company_id)
            self.read_before[company_id] = self.now
        for row in self._unread.pop(company_id, ()):
            row.read_at = self.now
