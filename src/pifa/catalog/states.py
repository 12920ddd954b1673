"""The life of an offer, as one table. `docs/states.md` draws it.

Which edits send an offer back to review: what it *is* (title, description, attributes,
category, pictures) is reviewed anew before it is sold again (`revise`); what it *costs* and
how much of it there is (prices, MOQ, multiple, stock, SKUs, weights, freight, visibility) changes
at once. Words that come in with a new SKU are held against the prohibited ones at once.

What is listed privately (`CHANNEL-*`) goes on sale to customers without a review, its words held
against the prohibited ones at once, then and at every change; turned public it goes to review
first (`revise`). What was refused or taken down cannot be listed so.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.catalog.models import Offer
from pifa.kernel.states import StateTable, Transition

_S = Offer.State

OFFER = StateTable(
    name="offer",
    states={state.value: state.label for state in _S},
    initial=_S.DRAFT,
    transitions=(
        Transition(
            verb="submit",
            label=_("提交审核"),
            sources=(_S.DRAFT, _S.REJECTED, _S.TAKEN_DOWN),
            target=_S.IN_REVIEW,
            by=("seller",),
            emits="offer.submitted",
        ),
        Transition(
            verb="list_privately",
            label=_("私域上架"),
            sources=(_S.DRAFT,),
            target=_S.ONLINE,
            by=("seller",),
            emits="offer.published",
        ),
        Transition(
            verb="withdraw",
            label=_("撤回审核"),
            sources=(_S.IN_REVIEW,),
            target=_S.DRAFT,
            by=("seller",),
            emits="",
        ),
        Transition(
            verb="approve",
            label=_("审核通过"),
            sources=(_S.IN_REVIEW,),
            target=_S.ONLINE,
            by=("operator",),
            emits="offer.published",
        ),
        Transition(
            verb="reject",
            label=_("驳回"),
            sources=(_S.IN_REVIEW,),
            target=_S.REJECTED,
            by=("operator",),
            emits="offer.rejected",
        ),
        Transition(
            verb="take_offline",
            label=_("下架"),
            sources=(_S.ONLINE,),
            target=_S.OFFLINE,
            by=("seller",),
            emits="offer.withdrawn",
        ),
        Transition(
            verb="put_online",
            label=_("上架"),
            sources=(_S.OFFLINE,),
            target=_S.ONLINE,
            by=("seller",),
            emits="offer.published",
        ),
        Transition(
            verb="revise",
            label=_("修改资料"),
            sources=(_S.ONLINE, _S.OFFLINE),
            target=_S.IN_REVIEW,
            by=("seller",),
            emits="offer.submitted",
        ),
        Transition(
            verb="take_down",
            label=_("违规下架"),
            sources=(_S.ONLINE, _S.OFFLINE, _S.IN_REVIEW),
            target=_S.TAKEN_DOWN,
            by=("operator",),
            emits="offer.taken_down",
        ),
        Transition(
            verb="restore",
            label=_("恢复"),
            sources=(_S.TAKEN_DOWN,),
            target=_S.OFFLINE,
            by=("operator",),
            emits="offer.restored",
        ),
    ),
)
