"""The verbs of notices and threads."""

from __future__ import annotations

from pifa.messages.commands.mail import deliver_mail
from pifa.messages.commands.notices import (
    NewNotice,
    mark_all_read,
    mark_read,
    notify,
    notify_all,
    notify_of_message,
    set_preference,
)
from pifa.messages.commands.threads import mark_thread_read, say

__all__ = [
    "NewNotice",
    "deliver_mail",
    "mark_all_read",
    "mark_read",
    "mark_thread_read",
    "notify",
    "notify_all",
    "notify_of_message",
    "say",
    "set_preference",
]
