"""Waiting mail is sent; what fails is tried again, then kept as failed in the log."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from pifa.kernel import clock
from pifa.messages.models import Delivery
from pifa.messages.wording import wording

MAX_ATTEMPTS = 5
FIRST_PAUSE = timedelta(minutes=2)


def deliver_mail(limit: int = 100) -> int:
    """Send mail that waits, oldest first; how many were sent. Called by the worker.

    A failed one waits 2, 4, 8, 16 minutes between attempts; after the fifth it has failed.
    Each attempt is taken by a statement of its own before anything is sent, so two workers
    never send one mail twice, and no transaction is open while a mail server answers.
    """
    waiting = list(
        Delivery.objects.filter(_due(clock.now()), way="email", state=Delivery.State.WAITING)
        .select_related("notice__company", "member__user")
        .order_by("id")[:limit]
    )
    if not waiting:
        return 0
    connection = get_connection()
    sent = 0
    try:
        for delivery in waiting:
            if _take(delivery):
                sent += _send(delivery, connection)
    finally:
        _close(connection)
    return sent


def _due(moment: datetime) -> Q:
    due = Q(attempts=0)
    for attempts in range(1, MAX_ATTEMPTS):
        due |= Q(attempts=attempts, at__lte=moment - FIRST_PAUSE * 2 ** (attempts - 1))
    return due


def _take(delivery: Delivery) -> bool:
    """Count an attempt, unless another worker did so since it was read."""
    taken = Delivery.objects.filter(
        pk=delivery.pk, state=Delivery.State.WAITING, attempts=delivery.attempts
    ).update(attempts=delivery.attempts + 1, at=clock.now())
    delivery.attempts += 1
    return bool(taken)


def _send(delivery: Delivery, connection: BaseEmailBackend) -> int:
    member = delivery.member
    if not (member.active and member.user.is_active):
        _keep(delivery, Delivery.State.FAILED, "the member has left the company")
        return 0
    try:
        _mail(delivery, connection).send()
    except Exception as error:  # noqa: BLE001 - whatever a mail server does, the next mail goes out
        last = delivery.attempts >= MAX_ATTEMPTS
        state = Delivery.State.FAILED if last else Delivery.State.WAITING
        _keep(delivery, state, f"{type(error).__name__}: {error}")
        _close(connection)  # a broken connection is opened anew for the next one
        return 0
    _keep(delivery, Delivery.State.SENT, "")
    return 1


def _keep(delivery: Delivery, state: Delivery.State, error: str) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state, error=error.replace("\x00", "")[:500], at=clock.now()
    )


def _mail(delivery: Delivery, connection: BaseEmailBackend) -> EmailMessage:
    """The mail in the member's language: what happened, where to look, why one got it."""
    notice, language = delivery.notice, delivery.member.user.language
    words = wording(notice.kind, notice.params, language)
    with translation.override(language):
        greeting = _("{name}，您好：").format(name=delivery.member.name)
        reason = _("您收到这封邮件是因为：{why}您可以在通知设置中选择接收哪些邮件。").format(
            why=words.why
        )
    parts = [greeting, words.body]
    if notice.link:
        parts.append(urljoin(settings.SITE_URL, notice.link))
    parts.append(f"-- \n{notice.company.name}\n{reason}")
    return EmailMessage(
        subject=" ".join(words.title.split()),
        body="\n\n".join(parts) + "\n",
        to=[delivery.to],
        connection=connection,
    )


def _close(connection: BaseEmailBackend) -> None:
    with contextlib.suppress(Exception):  # a broken one is of no more use anyway
        connection.close()
