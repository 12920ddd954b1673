"""The states of a verification."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.kernel.states import StateTable, Transition
from pifa.parties.models import Verification

_STATE = Verification.State

VERIFICATION = StateTable(
    name="verification",
    states={state.value: state.label for state in _STATE},
    initial=_STATE.SUBMITTED.value,
    transitions=(
        Transition(
            "approve", _("通过认证"), (_STATE.SUBMITTED.value,), _STATE.APPROVED.value,
            ("operator",), "verification.reviewed",
        ),
        Transition(
            "reject", _("驳回认证"), (_STATE.SUBMITTED.value,), _STATE.REJECTED.value,
            ("operator",), "verification.reviewed",
        ),
    ),
)  # fmt: skip
