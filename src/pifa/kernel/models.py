"""Tables under every floor: the clock, the outbox, the audit log, deadlines, repeated requests."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class MarketClock(models.Model):
    """The market's own clock (one row); without it the market runs on the wall clock."""

    market_at = models.DateTimeField()
    real_at = models.DateTimeField()
    running = models.BooleanField(default=False)
    moving_to = models.DateTimeField(null=True, help_text="how far an operator is moving it")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="market_clock_is_one")]


class OutboxEvent(models.Model):
    """An announced fact, kept until every consumer had it. Written in the command's transaction."""

    name = models.CharField(max_length=64)
    payload = models.JSONField()
    happened_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    try_after = models.DateTimeField(null=True, help_text="after a failure: not before this")
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(default="", blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], condition=Q(delivered_at__isnull=True), name="outbox_waiting"
            ),
            models.Index(fields=["name", "happened_at"], name="outbox_name_time"),
        ]


class AuditEntry(models.Model):
    """Who did what for which company. Append-only: a trigger refuses changes and deletions."""

    at = models.DateTimeField()
    action = models.CharField(max_length=64)
    actor_kind = models.CharField(max_length=8)
    user_id = models.BigIntegerField(null=True)
    company_id = models.BigIntegerField(null=True, help_text="the company acted for")
    subject = models.CharField(max_length=64, help_text="such as order:18")
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "id"], name="audit_subject"),
            models.Index(fields=["company_id", "id"], name="audit_company"),
        ]


class Deadline(models.Model):
    """Something that happens by itself at a moment, unless cleared before.

    One that failed is put off: `due_at` is then the moment of the next attempt.
    """

    kind = models.CharField(max_length=48)
    subject = models.CharField(max_length=64)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(done_at__isnull=True),
                name="deadline_waits_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(done_at__isnull=True), name="deadline_waiting"
            )
        ]


class IdempotencyKey(models.Model):
    """The answer given to a request, so that the same request again gets the same answer."""

    scope = models.CharField(max_length=64, help_text="whose key it is, such as member:7")
    key = models.CharField(max_length=128)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "key"], name="idempotency_key_once")
        ]
