"""What a keeper says of a line of the morning's list: called, later, done."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _

from pifa.crm.commands.files import NOTE_LENGTH, append
from pifa.crm.commands.morning import expect_mornings
from pifa.crm.models import CustomerFile, FileNote
from pifa.crm.policies import own_file
from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput
from pifa.parties.text import clean_text

CALLED_REST = 7
"""Days that who was called is not named again."""

LONGEST_SNOOZE = 365


class Mark(StrEnum):
    """What became of a line.

    *called*: it is not named for `CALLED_REST` days; a follow-up that is due waits for tomorrow.
    *snoozed*: nothing of it for some days, and a follow-up that is due moves there.
    *done*: its follow-up is taken out, and it is not named for `CALLED_REST` days.
    """

    CALLED = "called"
    SNOOZED = "snoozed"
    DONE = "done"


@transaction.atomic
def mark(
    actor: Actor, file_id: int, what: Mark, *, days: int = CALLED_REST, note: str = ""
) -> CustomerFile:
    """Mark a file in the list; the history says so, with the note. `days` are for snoozing, from
    1 to `LONGEST_SNOOZE`. Clerks."""
    row = own_file(actor, file_id, lock=True)
    today = clock.today()
    if not 1 <= days <= LONGEST_SNOOZE:
        raise InvalidInput("days", reason=_("稍后提醒的天数须在 1 到 365 之间。"))
    text = clean_text(note)[:NOTE_LENGTH]
    rest = days if what is Mark.SNOOZED else CALLED_REST
    row.quiet_until = today + timedelta(days=rest)
    is_due = row.next_day is not None and row.next_day <= today
    if what is Mark.DONE and row.next_day is not None:
        text = "\n".join(part for part in (row.next_action, text) if part)
        row.next_action, row.next_day = "", None
    elif is_due:
        row.next_day = today + timedelta(days=days if what is Mark.SNOOZED else 1)
    row.changed_at = clock.now()
    row.save(update_fields=["quiet_until", "next_action", "next_day", "changed_at"])
    append(actor, row.pk, FileNote.Kind(what.value), text)
    audit.record(actor, f"crm.mark.{what}", f"file:{row.pk}", until=row.quiet_until.isoformat())
    expect_mornings(row.seller_id)
    return row
