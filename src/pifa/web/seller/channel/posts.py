"""What a company tells its customers: writing, who has read it, taking it back."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pifa.catalog import queries as catalog
from pifa.catalog.commands import add_picture
from pifa.catalog.models import Offer
from pifa.kernel.errors import DomainError
from pifa.posts import commands
from pifa.posts import queries as posts
from pifa.posts.rules import LONGEST_WORDS, MOST_OFFERS, MOST_PICTURES, PostDraft
from pifa.relationships import queries as relationships
from pifa.web.access import seller_page
from pifa.web.seller.frame import CLERK, actor_on, show
from pifa.web.shared.forms import attempt

GOODS_FOUND = 20


class PostForm(forms.Form):
    """The words of a post; goods, pictures and groups stand beside it."""

    words = forms.CharField(
        label=gettext_lazy("想对客户说什么"),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("到货、新品、调价、放假。只有您的客户看得到。"),
    )


@seller_page(CLERK)
def own_posts(request: HttpRequest) -> HttpResponse:
    """What the company posted, newest first, with how many have read it."""
    page = posts.own_posts(actor_on(request), cursor=request.GET.get("cursor"))
    return show(request, "seller/posts.html", posts=page.items, next_cursor=page.next_cursor)


@seller_page(CLERK)
def post_new(request: HttpRequest) -> HttpResponse:
    """Write a post; looking for goods keeps what is written."""
    actor = actor_on(request)
    data = request.POST if request.method == "POST" else request.GET
    publishing = request.POST.get("act") == "publish"
    form = (
        PostForm(request.POST) if publishing else PostForm(initial={"words": data.get("words", "")})
    )
    picked = numbers(data.getlist("offer"))
    groups = numbers(data.getlist("group"))
    pictures = numbers(data.getlist("picture"))
    problems = take_pictures(request, pictures)
    if publishing and form.is_valid() and not problems:
        draft = PostDraft(form.cleaned_data["words"], picked, pictures, groups)
        if attempt(form, lambda: commands.publish(actor, draft)) is not None:
            messages.success(request, _("动态已发布，客户会收到通知。"))
            return redirect("seller:posts")
    words = data.get("q", "")[:80]
    cards = catalog.offer_cards(picked, actor)
    found = catalog.goods(actor, state=Offer.State.ONLINE, q=words, size=GOODS_FOUND).items
    kept = catalog.own_pictures(actor, pictures)
    return show(
        request,
        "seller/post_new.html",
        status=422 if form.errors or problems else 200,
        form=form,
        problems=problems,
        picked=[cards[key] for key in picked if key in cards],
        found=[row for row in found if row.id not in picked],
        pictures=[(key, kept[key]) for key in pictures if key in kept],
        groups=[(group, group.id in groups) for group in relationships.groups(actor)],
        q=words,
        most_goods=MOST_OFFERS,
        most_pictures=MOST_PICTURES,
    )


@seller_page(CLERK)
def own_post(request: HttpRequest, post_id: int) -> HttpResponse:
    """One post of the company: who has read it and when."""
    actor = actor_on(request)
    readers = posts.readers(actor, post_id)
    address = request.build_absolute_uri(reverse("channel:post", args=[post_id]))
    return show(
        request,
        "seller/post.html",
        post=posts.post(actor, post_id),
        readers=readers,
        meant=len(posts.readers_meant(post_id)),
        address=address,
    )


@seller_page(CLERK)
@require_POST
def recall(request: HttpRequest, post_id: int) -> HttpResponse:
    """Take a post back."""
    commands.recall(actor_on(request), post_id)
    messages.success(request, _("已撤回，客户看不到这条动态了。"))
    return redirect("seller:posts")


def take_pictures(request: HttpRequest, pictures: list[int]) -> list[str]:
    """Store uploaded pictures and add their ids; a line for each that cannot be used."""
    problems = []
    for file in request.FILES.getlist("pictures"):
        try:
            key = add_picture(actor_on(request), file.read())
        except DomainError as error:
            problems.append(f"{file.name}: {error}")
        else:
            if key not in pictures:
                pictures.append(key)
    return problems


def numbers(texts: list[str]) -> list[int]:
    """The ids that a form carries, each once."""
    found = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]
    return list(dict.fromkeys(found))
