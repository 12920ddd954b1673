"""The key-account programme: rehearsals, enrolments, checkpoints, appeals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.messages.kinds.kind import WHY_PROGRAMME, Kind

KINDS = (
    Kind(
        code="programme_rehearsal",
        label=_("彩排进展"),
        title=_("{season}：彩排进展"),
        body=_("您企业的彩排有新的进展，请查看详情。"),
        why=WHY_PROGRAMME,
        audience="seller",
        email=True,
        choice="state",
        bodies={
            "open": _("彩排正在进行，三个条件按考核期内的订单实时计算。"),
            "refused": _("彩排报名没有通过：{reason}"),
            "passed": _("三个条件都已达到，彩排通过。请在当月报名截止前报名。"),
            "failed": _("考核期已经结束，三个条件没有全部达到，彩排未通过。可以参加下一轮。"),
        },
    ),
    Kind(
        code="programme_enrolment",
        label=_("招商报名审核结果"),
        title=_("{season}：报名审核结果"),
        body=_("您企业的报名已审核，请查看详情。"),
        why=WHY_PROGRAMME,
        audience="seller",
        email=True,
        choice="state",
        bodies={
            "approved": _("报名已通过，月目标 {month_fen}。活动开始时获得通天商家标和流量标。"),
            "refused": _("报名没有通过：{reason}"),
            "void": _("已通过的报名失效：{reason}"),
        },
    ),
    Kind(
        code="programme_verdict",
        label=_("节点考核结果"),
        title=_("{season}：{checkpoint}考核结果"),
        body=_("完成 {measured_fen}，要求 {asked_fen}。"),
        why=WHY_PROGRAMME,
        audience="seller",
        email=True,
        choice="outcome",
        bodies={
            "kept": _("完成 {measured_fen}，达到要求的 {asked_fen}；流量标保留或恢复。"),
            "renewed": _("完成 {measured_fen}，达到要求的 {asked_fen}；可以直接报名下一季。"),
            "traffic_lost": _(
                "完成 {measured_fen}，未达到要求的 {asked_fen}；流量标已去除，"
                "通天商家标和看板保留。下一个节点达标即可恢复。"
            ),
            "not_renewed": _(
                "完成 {measured_fen}，未达到要求的 {asked_fen}；两个标都已去除，可以重新报名。"
            ),
            "frozen": _(
                "完成 {measured_fen}，未达到要求的 {asked_fen}；两个标都已去除，并进入冻结期，"
                "期间不能报名。对结果有异议可以申诉。"
            ),
        },
    ),
    Kind(
        code="programme_barred",
        label=_("参与资格变化"),
        title=_("{season}：参与资格变化"),
        body=_("您企业的参与资格有变化，请查看详情。"),
        why=WHY_PROGRAMME,
        audience="seller",
        email=True,
        choice="barred",
        bodies={
            "true": _("有 {orders} 笔订单被裁定为虚假交易，参与资格已取消。裁定可在订单页申诉。"),
            "false": _("虚假交易裁定已撤销，参与资格已恢复。"),
        },
    ),
    Kind(
        code="programme_freeze_lifted",
        label=_("冻结解除"),
        title=_("{season}：冻结已提前解除"),
        body=_("冻结期已由小二提前解除，可以报名：{reason}"),
        why=WHY_PROGRAMME,
        audience="seller",
        email=True,
    ),
    Kind(
        code="programme_appeal",
        label=_("考核申诉结果"),
        title=_("{season}：考核申诉结果"),
        body=_("您企业的申诉已处理，请查看详情。"),
        why=WHY_PROGRAMME,
        audience="seller",
        email=True,
        choice="upheld",
        bodies={
            "true": _("申诉成立，考核结果已改为通过：{answer}"),
            "false": _("申诉不成立：{answer}"),
        },
    ),
)
