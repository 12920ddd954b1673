"""Parcels handed to carriers, what the carriers tell of them, and the sandbox carrier's own book."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pifa.trade.models.orders import Order
from pifa.trade.states import ENDED_PARCELS, ParcelState


class Shipment(models.Model):
    """Goods handed to a carrier.

    `state` is what the carrier last told; the order's own state never follows it. A parcel of a
    carrier that the market is not connected with has no `carrier_code` and stays `handed_over`.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="shipments")
    carrier = models.CharField(_("物流公司"), max_length=60)
    tracking_no = models.CharField(_("运单号"), max_length=60)
    shipped_at = models.DateTimeField(_("发货时间"))
    carrier_code = models.CharField(max_length=24, default="", db_default="", blank=True)
    state = models.CharField(
        _("物流状态"),
        max_length=16,
        choices=ParcelState.choices,
        default=ParcelState.HANDED_OVER,
        db_default="handed_over",
    )
    promised_at = models.DateTimeField(
        _("承诺送达"), null=True, help_text="only carriers that promise a moment"
    )
    delivered_at = models.DateTimeField(_("送达时间"), null=True)
    told_at = models.DateTimeField(null=True, help_text="when the carrier last told or was asked")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "carrier", "tracking_no"], name="shipment_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ParcelState.values), name="shipment_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="delivered", delivered_at__isnull=False)
                | (~Q(state="delivered") & Q(delivered_at__isnull=True)),
                name="shipment_delivered_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["carrier_code", "told_at"],
                condition=~Q(carrier_code="") & ~Q(state__in=ENDED_PARCELS),
                name="shipment_on_its_way",
            ),
            models.Index(fields=["tracking_no"], name="shipment_by_number"),
        ]


class TrackingEvent(models.Model):
    """One thing a carrier told of a parcel; its own id makes a repeat do nothing."""

    class Via(models.TextChoices):
        NOTICE = "notice", _("承运商通知")
        POLL = "poll", _("主动查询")

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="events")
    event_id = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=ParcelState.choices)
    at = models.DateTimeField()
    place = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=200, blank=True, help_text="the carrier's own words")
    via = models.CharField(max_length=6, choices=Via.choices)
    came_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipment", "event_id"], name="tracking_event_once"),
            models.CheckConstraint(
                condition=Q(state__in=ParcelState.values), name="tracking_state_known"
            ),
        ]


class CarrierDesk(models.Model):
    """What the market does with a carrier by itself; its row is the lock for it."""

    code = models.CharField(max_length=24, unique=True)


class SandboxWaybill(models.Model):
    """A parcel in the sandbox carriers' own book: its course, and how much of it was told.

    `course` is a list of [state, minutes after `taken_at`, place, note]; `moved` of them have
    happened. `next_at` is when the next one happens, empty at the journey's end.
    """

    carrier_code = models.CharField(max_length=24)
    tracking_no = models.CharField(max_length=60)
    taken_at = models.DateTimeField()
    course = models.JSONField()
    moved = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["carrier_code", "tracking_no"], name="waybill_once")
        ]
        indexes = [
            models.Index(
                fields=["carrier_code", "next_at"],
                condition=Q(next_at__isnull=False),
                name="waybill_moving",
            )
        ]
