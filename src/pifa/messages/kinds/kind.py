"""What a kind of notice is, and why its reader gets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise
Audience = Literal["buyer", "seller", "both"]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of notice. `why` ends a mail: it tells the reader what the mail is for."""

    code: str
    label: Words
    title: Words
    body: Words
    why: Words
    audience: Audience
    email: bool = False
    in_app: bool = True
    choice: str = ""
    bodies: Mapping[str, Words] = field(default_factory=dict)

    def body_for(self, params: Mapping[str, object]) -> Words:
        """The body by the outcome in the params; the plain one for outcomes without their own."""
        return self.bodies.get(outcome(params.get(self.choice)), self.body)

    def needs(self, params: Mapping[str, object]) -> set[str]:
        """The params that the words for this outcome take figures from."""
        chosen = {self.choice} if self.choice else set()
        return chosen | placeholders(self.title) | placeholders(self.body_for(params))


def outcome(value: object) -> str:
    """An outcome as `bodies` is keyed by it: true, false or a word."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def placeholders(words: Words) -> set[str]:
    """The names of the figures that words take."""
    return {name for _, name, _, _ in Formatter().parse(str(words)) if name}


WHY_BUYER = _("您的企业是这笔订单的买家。")
WHY_SELLER = _("您的企业是这笔订单的卖家。")
WHY_ORDER = _("您的企业参与了这笔订单。")
WHY_PAYER = _("这笔款是您的企业付的。")
WHY_COMPANY = _("平台就您的企业作出了决定。")
WHY_OFFER = _("这是您企业店铺里的货品。")
WHY_STANDING = _("平台每晚按规则评定每家企业。")
WHY_RELATION = _("另一家企业与您的企业建立或改变了关系。")
WHY_PROGRAMME = _("您的企业参加或报名了通天计划。")
