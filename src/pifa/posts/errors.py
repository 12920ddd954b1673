"""What this floor refuses, in words a person can act on."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError


class EmptyPost(DomainError):
    """A post tells something."""

    code = "post.empty"
    status = 422
    message = _("请写几句话，或者选择货品、图片。")


class PostTooLong(DomainError):
    """More words, goods or pictures than a post takes; figures: what, count, limit."""

    code = "post.too_long"
    status = 422
    message = _("{what}最多 {limit} 个，现在是 {count} 个，请减少。")


class GoodsNotOnSale(DomainError):
    """A post shows what its readers can order."""

    code = "post.goods_not_on_sale"
    status = 422
    message = _("“{title}”不在销售中，请先上架或从动态中去掉。")
