"""What the console calls tables and columns that nobody but an operator reads.

Tables that people meet elsewhere name themselves in their models. These names are given when
the console starts: no migration follows from a word of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Field
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

APPS: Mapping[str, _StrPromise] = {
    "parties": _("企业"),
    "catalog": _("货品"),
    "trade": _("交易"),
    "finance": _("资金"),
    "kernel": _("系统"),
    "pifa_messages": _("通知"),
}

TABLES: Mapping[str, tuple[_StrPromise, Mapping[str, _StrPromise]]] = {
    "catalog.shop": (
        _("店铺"),
        {"company": _("企业"), "slug": _("网址名"), "main_category": _("主营类目")},
    ),
    "catalog.offer": (
        _("货品"),
        {
            "seller": _("卖家"),
            "category": _("类目"),
            "freight_template": _("运费模板"),
            "min_price_e4": _("最低单价（万分之一元）"),
            "max_price_e4": _("最高单价（万分之一元）"),
            "sold_quantity": _("已售数量"),
            "unreviewed": _("未经审核，仅私域可见"),
            "boost": _("搜索加权"),
            "created_at": _("创建时间"),
            "changed_at": _("修改时间"),
            "online_at": _("上架时间"),
        },
    ),
    "catalog.category": (
        _("类目"),
        {
            "slug": _("网址名"),
            "parent": _("上级类目"),
            "name_en": _("英文名"),
            "medal_system": _("勋章体系"),
            "department": _("部门"),
            "position": _("排序"),
        },
    ),
    "parties.verification": (
        _("企业认证"),
        {"company": _("企业"), "reviewed_by": _("审核人")},
    ),
    "parties.penaltyentry": (
        _("扣分记录"),
        {"company": _("企业"), "given_by": _("扣分人")},
    ),
    "trade.order": (
        _("订单"),
        {
            "buyer": _("买家"),
            "customer": _("客户"),
            "seller": _("卖家"),
            "placed_by": _("下单人"),
            "counts_as": _("统计时算作的买家"),
            "channel": _("渠道"),
            "scene": _("场景"),
            "provenance": _("来源"),
            "status_before": _("退款前的状态"),
            "ship_by": _("发货期限"),
            "external_no": _("原单号"),
            "is_cancellation": _("是取消单"),
            "batch": _("导入批次"),
        },
    ),
    "trade.importbatch": (
        _("历史订单导入"),
        {
            "seller": _("卖家"),
            "file_name": _("文件名"),
            "sha256": _("文件指纹"),
            "mapping": _("列对应"),
            "mapping_toml": _("列对应内容"),
            "state": _("状态"),
            "rows_done": _("已读行数"),
            "rows_total": _("总行数"),
            "orders_new": _("新订单"),
            "orders_known": _("已有的订单"),
            "lines_new": _("新明细行"),
            "customers_new": _("新客户"),
            "rejected": _("未导入的行"),
            "warnings": _("提醒"),
            "error": _("错误"),
            "started_at": _("开始时间"),
            "ended_at": _("结束时间"),
        },
    ),
    "finance.payment": (
        _("支付"),
        {
            "number": _("付款单号"),
            "payable": _("应付单"),
            "stage": _("付款阶段"),
            "method": _("付款方式"),
            "payer_digest": _("付款人指纹"),
            "state": _("状态"),
            "amount_fen": _("金额（分）"),
            "refunded_fen": _("已退金额（分）"),
            "outcome": _("结果"),
            "receipt_no": _("回单号"),
            "started_at": _("开始时间"),
            "settled_at": _("结算时间"),
        },
    ),
    "finance.gatewaynotice": (
        _("网关通知"),
        {
            "gateway": _("支付渠道"),
            "notice_id": _("通知号"),
            "payload": _("内容"),
            "verdict": _("处理结果"),
            "at": _("时间"),
            "repeats": _("重复次数"),
            "payment_number": _("付款单号"),
            "flagged": _("待人工核对"),
            "cleared_at": _("核对时间"),
            "clear_note": _("核对说明"),
        },
    ),
    "kernel.deadline": (
        _("到期事项"),
        {
            "kind": _("类型"),
            "subject": _("对象"),
            "due_at": _("到期时间"),
            "done_at": _("完成时间"),
            "attempts": _("尝试次数"),
            "error": _("错误"),
        },
    ),
    "kernel.outboxevent": (
        _("事件"),
        {
            "name": _("事件"),
            "payload": _("内容"),
            "happened_at": _("发生时间"),
            "delivered_at": _("送达时间"),
            "attempts": _("尝试次数"),
            "try_after": _("下次尝试"),
            "error": _("错误"),
        },
    ),
    "kernel.auditentry": (
        _("审计日志"),
        {
            "at": _("时间"),
            "action": _("操作"),
            "actor_kind": _("操作者类型"),
            "user_id": _("用户编号"),
            "company_id": _("企业编号"),
            "subject": _("对象"),
            "detail": _("详情"),
        },
    ),
    "pifa_messages.delivery": (
        _("通知投递"),
        {
            "notice": _("通知"),
            "member": _("成员"),
            "way": _("方式"),
            "state": _("状态"),
            "at": _("时间"),
            "attempts": _("尝试次数"),
            "error": _("错误"),
        },
    ),
}


def give_names() -> None:
    """Name the apps, tables and columns for those who read them in the console."""
    for label, words in APPS.items():
        apps.get_app_config(label).verbose_name = words
    for path, (table, columns) in TABLES.items():
        options = apps.get_model(path)._meta
        options.verbose_name = options.verbose_name_plural = table
        for name, column in columns.items():
            field = options.get_field(name)
            assert isinstance(field, Field)
            field.verbose_name = column
