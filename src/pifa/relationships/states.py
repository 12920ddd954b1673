"""The states of a relationship, and what leads from one to another."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.kernel.states import StateTable, Transition
from pifa.relationships.models import Relationship

_NOTED, _REQUESTED, _GRANTED, _REVOKED, _MERGED = (
    Relationship.State.NOTED.value,
    Relationship.State.REQUESTED.value,
    Relationship.State.GRANTED.value,
    Relationship.State.REVOKED.value,
    Relationship.State.MERGED.value,
)
STRANGERS = "strangers"
"""Two companies without a relationship: where a request begins. Never stored."""

RELATIONSHIP = StateTable(
    name="relationship",
    states={
        STRANGERS: _("尚无关系"),
        **{state.value: state.label for state in Relationship.State},
    },
    initial=STRANGERS,
    transitions=(
        Transition(
            "request",
            _("申请建立关系"),
            (STRANGERS, _REVOKED, _NOTED),
            _REQUESTED,
            ("buyer", "seller"),
            "relationship.asked",
        ),
        Transition(
            "grant",
            _("同意建立关系"),
            (_REQUESTED,),
            _GRANTED,
            ("buyer", "seller"),
            "relationship.granted",
        ),
        Transition(
            "revoke",
            _("解除关系"),
            (_REQUESTED, _GRANTED),
            _REVOKED,
            ("buyer", "seller"),
            "relationship.revoked",
        ),
        Transition("note", _("记录客户"), (STRANGERS,), _NOTED, ("seller",), "customers.noted"),
        Transition("claim", _("认领"), (_NOTED,), _GRANTED, ("buyer",), "customer.claimed"),
        Transition("merge", _("并入已有关系"), (_NOTED,), _MERGED, ("buyer",), "customer.claimed"),
        Transition(
            "combine", _("合并重复客户"), (_NOTED,), _MERGED, ("seller",), "customers.combined"
        ),
        Transition("part", _("撤销合并"), (_MERGED,), _NOTED, ("seller",), "customers.parted"),
    ),
)
