"""What suppliers tell: the feed, and one post with its link to forward."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from pifa.posts import commands
from pifa.posts import queries as posts
from pifa.posts.queries import PostView
from pifa.web.access import buyer_page
from pifa.web.channel.frame import show
from pifa.web.shared.centre import actor_on


@buyer_page
def updates(request: HttpRequest) -> HttpResponse:
    """The posts of all suppliers, newest first; whoever sees them here has read them."""
    actor = actor_on(request)
    page = posts.feed(actor, cursor=request.GET.get("cursor"))
    commands.note_read(actor, [post.id for post in page.items])
    return show(
        request,
        "channel/updates.html",
        tab="updates",
        posts=page.items,
        next_cursor=page.next_cursor,
        is_later=bool(request.GET.get("cursor")),
    )


@buyer_page
def post(request: HttpRequest, post_id: int) -> HttpResponse:
    """One post: for those it is meant for, and for its seller; to all others it does not exist."""
    actor = actor_on(request)
    found: PostView = posts.post(actor, post_id)
    commands.note_read(actor, [found.id])
    title = _("%(seller)s的动态") % {"seller": found.seller_name}
    return show(request, "channel/post.html", tab="updates", post=found, title=title)
