"""Tables of the programme, by topic."""

from pifa.programme.models.applying import Enrolment, Evidence, Opinion, Proof, Rehearsal
from pifa.programme.models.members import Freeze, Mark, Membership
from pifa.programme.models.seasons import SeasonRow
from pifa.programme.models.verdicts import Appeal, CheckpointRun, Verdict

__all__ = [
    "Appeal",
    "CheckpointRun",
    "Enrolment",
    "Evidence",
    "Freeze",
    "Mark",
    "Membership",
    "Opinion",
    "Proof",
    "Rehearsal",
    "SeasonRow",
    "Verdict",
]
