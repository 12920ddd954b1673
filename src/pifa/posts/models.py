"""Posts, what they show, and whom they are meant for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Post(models.Model):
    """What a seller told its customers. One that was recalled is nobody's but its seller's."""

    seller = models.ForeignKey("parties.Company", models.PROTECT, related_name="posts")
    words = models.TextField(_("内容"), max_length=2000, blank=True)
    for_groups = models.BooleanField(
        default=False, help_text="else for every related buyer; stays when its groups go"
    )
    posted_at = models.DateTimeField(_("发布时间"))
    recalled_at = models.DateTimeField(_("撤回时间"), null=True)

    class Meta:
        verbose_name = _("动态")
        verbose_name_plural = _("动态")
        indexes = [models.Index(fields=["seller", "-id"], name="post_seller")]

    def __str__(self) -> str:
        return f"post:{self.pk}"


class PostOffer(models.Model):
    """Goods in their place on a post."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="offers")
    offer = models.ForeignKey("catalog.Offer", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["post", "offer"], name="post_offer_once")]


class PostPicture(models.Model):
    """A picture in its place on a post."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="pictures")
    picture = models.ForeignKey("catalog.Picture", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["post", "picture"], name="post_picture_once")
        ]


class PostAudience(models.Model):
    """A group that a post is meant for."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="audience")
    group = models.ForeignKey("relationships.CustomerGroup", models.CASCADE, related_name="posts")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "group"], name="post_audience_once")]


class PostReader(models.Model):
    """A customer that has seen a post, and when first."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="readers")
    company = models.ForeignKey("parties.Company", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "company"], name="post_reader_once")]
