"""Applicants bring proofs for their enrolments: words, a figure, a file."""

from __future__ import annotations

from pathlib import PurePath

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput, NotFound, WrongState
from pifa.kernel.money import Money
from pifa.parties.policies import member_id
from pifa.parties.text import clean_line
from pifa.programme import policies
from pifa.programme.errors import TooManyProofs
from pifa.programme.models import Enrolment, Proof
from pifa.programme.states import EnrolmentState
from pifa.trade.invoices.files import CleanFile, clean_file
from pifa.trade.rules import required_text

MOST = 20
"""Proofs of one enrolment."""

NO_PROOF = _("证明文件须是 PDF、OFD、PNG 或 JPG 文件。")


def prove(
    actor: Actor,
    enrolment_id: int,
    kind: str,
    words: str,
    *,
    amount: Money | None = None,
    data: bytes = b"",
    name: str = "",
) -> Proof:
    """Add a proof to an enrolment of one's own that is not decided on; the file is looked through
    before anything is kept.

    Raises `InvalidInput`, `MissingText`, `FileRefused`, `FileTooLarge`, `TooManyProofs`,
    `WrongState`; `NotFound` for another company's.
    """
    company_id = policies.may_apply(actor)
    words = required_text(words, _("说明"), 500, "words")
    if kind not in set(Proof.Kind):
        raise InvalidInput(field="kind", reason=" | ".join(Proof.Kind))
    if amount is not None and amount.fen <= 0:
        raise InvalidInput(field="amount", reason=_("金额要大于 0。"))
    file = clean_file(data, NO_PROOF) if data else None
    return _keep(actor, company_id, enrolment_id, Proof(kind=kind, words=words), amount, file, name)


@transaction.atomic
def _keep(
    actor: Actor,
    company_id: int,
    enrolment_id: int,
    proof: Proof,
    amount: Money | None,
    file: CleanFile | None,
    name: str,
) -> Proof:
    rows = Enrolment.objects.select_for_update(no_key=True)
    enrolment = rows.filter(pk=enrolment_id, company=company_id).first()
    if enrolment is None:
        raise NotFound
    if enrolment.state not in (EnrolmentState.SUBMITTED, EnrolmentState.SECOND):
        raise WrongState(state=enrolment.get_state_display(), verb=str(_("补充证明")))
    if enrolment.proofs.count() >= MOST:
        raise TooManyProofs(most=MOST)
    proof.enrolment = enrolment
    proof.fen = None if amount is None else amount.fen
    proof.at, proof.given_by_id = clock.now(), member_id(actor)
    if file is not None:
        proof.format, proof.digest, proof.size = file.format, file.digest, len(file.data)
        proof.name = _named(name, file.format)
        proof.file.save(f"{enrolment.pk}.{file.format}", ContentFile(file.data), save=False)
    proof.save()
    audit.record(actor, "enrolment.prove", enrolment.subject, kind=proof.kind, file=proof.digest)
    return proof


def _named(name: str, format_: str) -> str:
    """What the seller called the file, with the ending of what it is."""
    stem = clean_line(PurePath(name.replace("\\", "/")).stem)[:100]
    return f"{stem or 'file'}.{format_}"
