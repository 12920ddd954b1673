"""What this floor refuses, in words a person can act on."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError


class NoSuchKind(DomainError):
    """There is no notice of this kind."""

    code = "notice.no_such_kind"
    status = 422
    message = _("没有“{kind}”这种通知。")


class NotToOneself(DomainError):
    """A thread joins two companies."""

    code = "thread.oneself"
    status = 422
    message = _("不能给自己的企业发消息。")


class BadSubject(DomainError):
    """A thread is about an offer or an order."""

    code = "thread.bad_subject"
    status = 422
    message = _("对话需要关于一个货品或一笔订单。")
