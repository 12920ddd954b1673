"""What order invitations announce. Amounts are fen; days are market days. No event has a link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from pifa.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class InvitationEvent(Event):
    """Something happened to a seller's invitation."""

    invitation: str
    seller_id: int
    total_fen: int


class InvitationKeys(TypedDict):
    """What every event of an invitation says."""

    invitation: str
    seller_id: int
    total_fen: int


@dataclass(frozen=True, kw_only=True)
class InvitationSent(InvitationEvent):
    """A seller sent an invitation; it holds through `day`."""

    name = "invitation.sent"
    day: str


@dataclass(frozen=True, kw_only=True)
class InvitationChanged(InvitationEvent):
    """A seller changed what it asks for; whoever read it before has to confirm anew."""

    name = "invitation.changed"
    day: str


@dataclass(frozen=True, kw_only=True)
class InvitationOpened(InvitationEvent):
    """Somebody opened the link for the first time."""

    name = "invitation.opened"


@dataclass(frozen=True, kw_only=True)
class InvitationConfirmed(InvitationEvent):
    """Somebody confirmed it: it is the order `order`, by a member or by a `guest`."""

    name = "invitation.confirmed"
    order: str
    guest: bool


@dataclass(frozen=True, kw_only=True)
class InvitationReopened(InvitationEvent):
    """Its order `order` closed unpaid; it may be confirmed again."""

    name = "invitation.reopened"
    order: str


@dataclass(frozen=True, kw_only=True)
class InvitationCompleted(InvitationEvent):
    """Its order `order` was paid or promised."""

    name = "invitation.completed"
    order: str


@dataclass(frozen=True, kw_only=True)
class InvitationDue(InvitationEvent):
    """Nobody has confirmed it yet, and it will end: it holds through `day`."""

    name = "invitation.due"
    day: str


@dataclass(frozen=True, kw_only=True)
class InvitationExpired(InvitationEvent):
    """Its validity is over without an order."""

    name = "invitation.expired"


@dataclass(frozen=True, kw_only=True)
class InvitationRecalled(InvitationEvent):
    """The seller took it back; its link shows nothing any more."""

    name = "invitation.recalled"


@dataclass(frozen=True, kw_only=True)
class OrdersTakenOver(Event):
    """A member took over what it had ordered of a seller as a guest."""

    name = "invitation.taken_over"
    seller_id: int
    guest_id: int
    buyer_id: int
    orders: tuple[str, ...]
