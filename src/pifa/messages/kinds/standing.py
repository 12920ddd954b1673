"""Levels, medals and tiers: what changed at night, and what is about to."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.messages.kinds.kind import WHY_STANDING, Kind

KINDS = (
    Kind(
        code="standing_risen",
        label=_("等级或勋章上升"),
        title=_("{ladder}升为 {new}"),
        body=_("自 {day} 起，您企业的{ladder}由 {old} 升为 {new}。随之获得的权益请查看详情。"),
        why=WHY_STANDING,
        audience="both",
    ),
    Kind(
        code="standing_fallen",
        label=_("等级或勋章下降"),
        title=_("{ladder}降为 {new}"),
        body=_("自 {day} 起，您企业的{ladder}由 {old} 降为 {new}。缺什么、差多少，请查看详情。"),
        why=WHY_STANDING,
        audience="both",
        email=True,
    ),
    Kind(
        code="standing_will_fall",
        label=_("等级或勋章即将下降"),
        title=_("{ladder}将在 {day} 降为 {new}"),
        body=_("若没有新的成交，您企业的{ladder}将在 {day} 由 {old} 降为 {new}。{keep}"),
        why=WHY_STANDING,
        audience="both",
        email=True,
    ),
)
