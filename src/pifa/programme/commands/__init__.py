"""The verbs of the programme, by topic."""

from pifa.programme.commands.appealing import appeal, decide_appeal
from pifa.programme.commands.applying import enrol, sign_up, withdraw
from pifa.programme.commands.lifting import lift_freeze
from pifa.programme.commands.members import assign_manager, mark, unmark
from pifa.programme.commands.proving import prove
from pifa.programme.commands.publishing import publish
from pifa.programme.commands.reviewing import (
    Decided,
    decide,
    decide_all,
    decide_rehearsal,
    decide_rehearsals,
    note_evidence,
)

__all__ = [
    "Decided",
    "appeal",
    "assign_manager",
    "decide",
    "decide_all",
    "decide_appeal",
    "decide_rehearsal",
    "decide_rehearsals",
    "enrol",
    "lift_freeze",
    "mark",
    "note_evidence",
    "prove",
    "publish",
    "sign_up",
    "unmark",
    "withdraw",
]
