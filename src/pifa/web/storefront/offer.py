"""The offer's page: what it is, what a quantity costs, and the way into the purchase list."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from pifa.catalog import queries as catalog
from pifa.catalog.queries import OfferView
from pifa.kernel.errors import DomainError
from pifa.kernel.regions import REGIONS
from pifa.messages import commands as messages
from pifa.standing import queries as standing
from pifa.trade import commands as trade_commands
from pifa.trade import queries as trade
from pifa.trade.staged.queries import plan_in_short
from pifa.web.access import buyer_page
from pifa.web.shared.centre import actor_on
from pifa.web.shared.forms import attempt
from pifa.web.shared.offer_total import PREFIX, OfferTotal, button_step, spec_heads, total_of
from pifa.web.shared.quantities import Typed, read
from pifa.web.shared.regions import place_name, region_choices
from pifa.web.shared.talk import SayForm
from pifa.web.storefront.frame import REGION_KEY, is_member, region_of, show, viewer

REVIEWS_SHOWN = 5


def offer(request: HttpRequest, offer_id: int) -> HttpResponseBase:
    """Show an offer; a POST puts quantities on the list, orders them or only adds them up."""
    found = catalog.offer_page(offer_id, viewer(request))
    data = request.POST if request.method == "POST" else request.GET
    typed = read(data, PREFIX, [sku.id for sku in found.skus])
    if request.method != "POST":
        return _page(request, found, typed)
    _remember_region(request)
    act = request.POST.get("act", "")
    if act not in ("list", "order", "ask"):
        return _page(request, found, typed)
    if not request.user.is_authenticated:
        query = urlencode({"next": _with_quantities(found, typed)})
        return redirect(f"{reverse('storefront:sign_in')}?{query}")
    return _take(request, found, typed, act)


@require_POST
def offer_total(request: HttpRequest, offer_id: int) -> HttpResponse:
    """The parts of the page that change with the quantities."""
    found = catalog.offer_page(offer_id, viewer(request))
    _remember_region(request)
    typed = read(request.POST, PREFIX, [sku.id for sku in found.skus])
    total = total_of(found, typed, region_of(request))
    moved, judged = total.changed(request.POST.get("amounts", ""), request.POST.get("wrong", ""))
    context = _sum(request, found, total) | {"moved": moved, "judged": judged}
    return render(request, "shared/_offer_answer.html", context)


@require_POST
@buyer_page
def ask(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Write to the seller about an offer, and go on in the thread."""
    actor = actor_on(request)
    found = catalog.offer_page(offer_id, actor)
    form = SayForm(request.POST)
    if form.is_valid():
        body, subject = form.cleaned_data["body"], f"offer:{found.id}"
        buyer_id, seller_id = actor.company_id or 0, found.seller.id
        said = attempt(
            form,
            lambda: messages.say(actor, buyer_id, seller_id, subject, found.title, body),
        )
        if said:
            return redirect("buyer:message", said.thread_id)
    return _page(request, found, Typed(), ask_form=form, status=422)


@buyer_page
def _take(request: HttpRequest, found: OfferView, typed: Typed, act: str) -> HttpResponse:
    total = total_of(found, typed, region_of(request))
    if not total.chosen:
        return _page(request, found, typed, refusal=_("请先在下面填写要订购的数量。"), status=422)
    if typed.errors:
        return _page(request, found, typed, status=422)
    if act == "ask":  # a quote may be had for less than the MOQ, or for more than there is
        lines = [("line", f"{sku_id}:{count}") for sku_id, count in typed.lines]
        return redirect(f"{reverse('buyer:quote_new')}?{urlencode(lines)}")
    if act == "order":
        if not total.can_be_ordered:
            return _page(request, found, typed, status=422)
        lines = [("line", f"{sku_id}:{count}") for sku_id, count in typed.lines]
        return redirect(f"{reverse('storefront:checkout')}?{urlencode(lines)}")
    try:
        count = trade_commands.put_on_list(actor_on(request), typed.lines)
    except DomainError as error:
        if error.status in (403, 404):
            raise
        return _page(request, found, typed, refusal=str(error), status=error.status)
    toasts.success(
        request,
        ngettext(
            "已加入进货单，进货单现在有 %(count)d 行。",
            "已加入进货单，进货单现在有 %(count)d 行。",
            count,
        )
        % {"count": count},
    )
    return redirect("storefront:offer", found.id)


def _page(
    request: HttpRequest,
    found: OfferView,
    typed: Typed,
    *,
    refusal: str = "",
    ask_form: SayForm | None = None,
    status: int = 200,
) -> HttpResponse:
    total = total_of(found, typed, region_of(request))
    who = viewer(request)
    reviews = trade.seller_reviews(
        found.seller.id, found.id, request.GET.get("reviews"), REVIEWS_SHOWN
    )
    rating = trade.rating(found.seller.id, found.id)
    title = found.shown_title
    return show(
        request,
        "storefront/offer.html",
        status=status,
        category_slug=found.trail[0].slug if found.trail else "",
        crumbs=[(_("首页"), reverse("storefront:home"))]
        + [(node.label, reverse("storefront:category", args=[node.slug])) for node in found.trail]
        + [(title, "")],
        pictures=[(picture.url, title) for picture in found.pictures],
        is_own=bool(who and who.company_id == found.seller.id),
        is_member=is_member(found.seller.member_until),
        place=place_name(found.seller.region, found.seller.city),
        medal=standing.medals_of([found.seller.id]).get(found.seller.id),
        rating=rating,
        rating_stars=f"{rating.stars_e2 / 100:.1f}",
        reviews=reviews,
        refusal=refusal,
        ask_form=ask_form or SayForm(),
        **_sum(request, found, total),
    )


def _sum(request: HttpRequest, found: OfferView, total: OfferTotal) -> dict[str, Any]:
    return {
        "offer": found,
        "sum": total,
        "heads": spec_heads(found.skus) or (_("规格"),),
        "breaks": found.price_ranges,
        "reached": max(
            (start for start in found.break_quantities if start <= total.priced.quantity),
            default=None,
        ),
        "step": button_step(found),
        "plan": plan_in_short(found.staged) if found.staged else "",
        "region": region_of(request),
        "regions": region_choices(),
    }


def _remember_region(request: HttpRequest) -> None:
    region = request.POST.get("region", "")
    if region in REGIONS and region != request.session.get(REGION_KEY):
        request.session[REGION_KEY] = region


def _with_quantities(found: OfferView, typed: Typed) -> str:
    chosen = urlencode([(f"{PREFIX}{sku_id}", text) for sku_id, text in typed.texts.items()])
    address = reverse("storefront:offer", args=[found.id])
    return f"{address}?{chosen}" if chosen else address
