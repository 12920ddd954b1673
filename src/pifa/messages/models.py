"""Notices with their deliveries, and message threads."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Notice(models.Model):
    """Something a company should know; its words come from the kind's template.

    With a `member` it is for that one only: nobody else of the company reads it.
    """

    company = models.ForeignKey("parties.Company", models.PROTECT, related_name="notices")
    member = models.ForeignKey("parties.Member", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=64)
    params = models.JSONField(default=dict)
    link = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["company", "-id"], name="notice_company"),
            models.Index(
                fields=["company", "kind", "subject"],
                condition=Q(read_at__isnull=True),
                name="notice_unread",
            ),
        ]


class NoticePreference(models.Model):
    """Where a member wants notices of a kind; without a row, the kind's default holds."""

    member = models.ForeignKey("parties.Member", models.CASCADE, related_name="preferences")
    kind = models.CharField(max_length=40)
    in_app = models.BooleanField(default=True)
    email = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "kind"], name="preference_once")]


class Delivery(models.Model):
    """One attempt to bring a notice to a member by a way; the log operators read."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待发送")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("发送失败")

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    member = models.ForeignKey("parties.Member", models.PROTECT, related_name="+")
    way = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    to = models.CharField(max_length=254, blank=True)
    at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "member", "way"], name="delivery_once")
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(state="waiting", way="email"), name="delivery_waiting"
            )
        ]


class Thread(models.Model):
    """A conversation between a buyer and a seller about one subject (offer:7, order:18)."""

    buyer = models.ForeignKey("parties.Company", models.PROTECT, related_name="buyer_threads")
    seller = models.ForeignKey("parties.Company", models.PROTECT, related_name="seller_threads")
    subject = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    last_at = models.DateTimeField()
    buyer_unread = models.PositiveIntegerField(default=0)
    seller_unread = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["buyer", "seller", "subject"], name="thread_once")
        ]
        indexes = [
            models.Index(fields=["buyer", "-last_at"], name="thread_buyer"),
            models.Index(fields=["seller", "-last_at"], name="thread_seller"),
        ]


class Message(models.Model):
    """One message of a thread."""

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="messages")
    company = models.ForeignKey("parties.Company", models.PROTECT, related_name="+")
    member = models.ForeignKey("parties.Member", models.PROTECT, null=True, related_name="+")
    body = models.TextField(max_length=2000)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["thread", "-id"], name="message_thread")]
