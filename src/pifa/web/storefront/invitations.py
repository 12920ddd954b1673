"""What whoever has an invitation's link sees and does: read, confirm, pay, without an account.

A link that shows nothing is answered alike, whatever became of it. No page of these is kept by
search engines or caches. The market's own referrer policy tells no other site where one came from;
`no-referrer` would also hide it from the check of forged requests, which needs it.
"""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.finance import commands as finance
from pifa.finance import queries as money
from pifa.finance.queries import MethodChoice, by_link
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError, Forbidden, NotFound
from pifa.kernel.money import Money
from pifa.parties import queries as companies
from pifa.parties.models import Address
from pifa.standing import queries as standing
from pifa.trade.invitations import commands, links, policies
from pifa.trade.invitations import queries as invitations
from pifa.trade.invitations.commands import Confirmation
from pifa.trade.invitations.errors import InvitationChanged, TakenAlready, TooManyTries
from pifa.trade.invitations.queries import OpenedView
from pifa.trade.policies import BUYING
from pifa.trade.states import OrderStatus
from pifa.web.access import actor_of
from pifa.web.shared.address_form import AddressForm
from pifa.web.shared.centre import actor_on
from pifa.web.shared.channels import channel_on
from pifa.web.shared.invitations import CLAIM, picture_answer, terms_words
from pifa.web.shared.ways import ways_of
from pifa.web.storefront import collecting
from pifa.web.storefront.begun import BEGUN, INVITED, KEPT

MINE = "invited"
"""Numbers of the orders that this visitor confirmed, kept in its session."""

NEW = "new"


class ConfirmForm(forms.Form):
    """What is said besides the address: how it is paid, a message to the seller."""

    way = forms.ChoiceField(label=gettext_lazy("付款方式"), widget=forms.RadioSelect)
    message = forms.CharField(label=gettext_lazy("给商家留言"), max_length=500, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    address = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, ways: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = ways  # type: ignore[attr-defined]


def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """An invitation as its link shows it; a POST confirms it, or pays what was confirmed."""
    caller = request.META.get("REMOTE_ADDR", "")
    try:
        commands.check_tries(caller)
        page = _Page(request, token)
    except TooManyTries as refused:
        return _quiet(render(request, "429.html", {"error": refused}, status=429))
    except NotFound:
        commands.note_miss(caller)
        return _quiet(render(request, "storefront/invitation_gone.html", status=404))
    if request.method == "POST":
        try:
            return _quiet(page.pay() if request.POST.get("act") == "pay" else page.confirm())
        except NotFound:
            return _quiet(render(request, "storefront/invitation_gone.html", status=404))
    if not page.is_sellers:
        commands.note_opened(token)
    return _quiet(page.show())


def picture(request: HttpRequest, token: str, position: int) -> HttpResponse:
    """The picture of typed goods."""
    return _quiet(picture_answer(invitations.opened_picture(token, position)))


class _Page:
    """One visit of a link."""

    def __init__(self, request: HttpRequest, token: str) -> None:
        self.request, self.token = request, token
        self.actor: Actor | None = policies.as_buyer(actor_of(request))
        self.view: OpenedView = invitations.opened(token)
        self.book: list[Address] = companies.addresses(self.actor) if self.actor else []

    @property
    def is_sellers(self) -> bool:
        """Whether the seller looks at its own."""
        return self.actor is not None and self.actor.company_id == self.view.said.seller_id

    @property
    def is_mine(self) -> bool:
        """Whether this visitor confirmed it: in this browser, or for its company."""
        if self.view.order is None:
            return False
        if self.view.order in self.request.session.get(MINE, []):
            return True
        return self.actor is not None and self.actor.company_id == self.view.buyer_id

    @property
    def may_buy(self) -> bool:
        """Whether whoever looks may order: a guest, or a member with the role."""
        return self.actor is None or self.actor.has_role(*BUYING)

    def ways(self) -> list[MethodChoice]:
        """How it may be paid now; what needs an account only for a member."""
        said = self.view.said
        due = _due(self.view)
        # What was confirmed may be paid by anybody, for whoever confirmed it.
        actor = self.actor if self.view.order is None else None
        payer_id = actor.company_id if actor else self.view.buyer_id
        choices = by_link.ways_to_pay(actor, payer_id, said.seller_id, due, said.ways)
        if actor is not None and actor.company_id:
            agreed = money.agreed_choices(
                actor.company_id,
                {said.seller_id: due},
                region=self.book[0].region if self.book else "",
                deposits=[said.seller_id] if said.deposit else [],
            )
            choices += [
                MethodChoice(row.code, f"{row.label} · {row.words}", row.offered, row.words)
                for row in agreed[said.seller_id]
                if not said.ways or row.code in said.ways
            ]
        return [choice for choice in choices if choice.offered]

    def form(self, data: Any = None) -> ConfirmForm:
        """The form, with the first way chosen."""
        ways = [(choice.code, choice.label) for choice in self.ways()]
        kept = self.book[0] if self.book else None
        initial = {
            "way": ways[0][0] if ways else "",
            "revision": self.view.said.revision,
            "address": str(kept.pk) if kept else NEW,
        }
        return ConfirmForm(data, ways=ways, initial=initial)

    def address(self, data: Any = None) -> AddressForm | None:
        """The address to be typed; none where the seller filled it in."""
        return None if self.view.said.has_address else AddressForm(data, prefix=NEW)

    def confirm(self) -> HttpResponse:
        """Make it an order and go on to pay it."""
        data = self.request.POST
        form, address = self.form(data), self.address(data)
        chosen = data.get("address", NEW)
        kept = {str(row.pk): row.pk for row in self.book}.get(chosen)
        if kept is not None:
            address = None
        if not all([form.is_valid(), address is None or address.is_valid()]):
            return self.show(form, address, 422)
        said = Confirmation(
            revision=form.cleaned_data["revision"],
            to=address.entry() if address else None,
            address_id=kept,
            message=form.cleaned_data["message"],
            way=form.cleaned_data["way"],
        )
        try:
            done = commands.confirm_invitation(self.actor, self.token, said)
        except (NotFound, Forbidden):
            raise
        except (InvitationChanged, TakenAlready) as changed:
            toasts.warning(self.request, str(changed))
            return redirect("storefront:invitation", self.token)
        except DomainError as error:
            target: forms.Form = address if address and error.field in address.fields else form
            target.add_error(error.field if error.field in target.fields else None, str(error))
            return self.show(form, address or self.address(), 422)
        session = self.request.session
        session[MINE] = [done.order, *session.get(MINE, [])][:KEPT]
        if self.actor is None:
            return self._begin(self.view.said.total, said.way)
        return self._as_member(done.order, said.way)

    def _as_member(self, number: str, way: str) -> HttpResponse:
        """A member goes on as after a checkout."""
        payable = money.payable(f"order:{number}")
        assert payable is not None
        if way in by_link.agreed_ways() or payable.blocked:
            toasts.success(self.request, _("订单已确认。"))
            return redirect("buyer:order", number)
        try:
            channel = channel_on(self.request, way)
            begun = finance.start_payment(
                actor_on(self.request), payable.number, way, channel=channel
            )
        except DomainError as error:
            toasts.error(self.request, str(error))
            return redirect(f"{reverse('storefront:pay')}?order={number}")
        return redirect(
            begun.redirect_url or reverse("storefront:paid", args=[begun.payment_number])
        )

    def pay(self) -> HttpResponse:
        """Begin to pay what was confirmed."""
        shown = self.request.POST.get("shown_total", "")
        fen = int(shown) if shown.isascii() and shown.isdecimal() and len(shown) < 16 else 0
        return self._begin(Money(fen), self.request.POST.get("way", ""))

    def _begin(self, total: Money, way: str) -> HttpResponse:
        try:
            channel = channel_on(self.request, way)
            begun = commands.pay_invitation(self.token, total, way, channel)
        except NotFound:
            raise
        except DomainError as error:
            toasts.error(self.request, str(error))
            return redirect("storefront:invitation", self.token)
        session = self.request.session
        kept = list(session.get(INVITED, {}).items())[-KEPT:]
        session[INVITED] = dict([*kept, (begun.payment_number, self.token)])
        session[BEGUN] = [begun.payment_number, *session.get(BEGUN, [])][:KEPT]
        return redirect(begun.redirect_url)

    def show(
        self,
        form: ConfirmForm | None = None,
        address: AddressForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """The page as things stand."""
        view, request = self.view, self.request
        said = view.said
        card = companies.cards([said.seller_id])[said.seller_id]
        mine = self.is_mine
        code = ""
        if mine and view.claimable and said.state == "done" and view.order:
            code = links.claim_code_of(said.number, view.order)
            request.session[CLAIM] = code
        owes_balance = view.order_status == OrderStatus.AWAITING_BALANCE
        payable = said.state == "confirmed" or owes_balance
        asks = said.state == "open" and not self.is_sellers and self.may_buy
        form = form or (self.form() if asks else None)
        return render(
            request,
            "storefront/invitation.html",
            {
                "view": view,
                # Whoever comes second learns nothing of who confirmed.
                "to": view.to if mine or said.has_address else None,
                "said": said,
                "token": self.token,
                "seller_name": money.public_name(said.seller_id),
                "company": card,
                "medal": standing.medals_of([said.seller_id]).get(said.seller_id),
                "terms": terms_words(said),
                "form": form,
                "address": address or (self.address() if asks else None),
                "book": self.book,
                "chosen": (form["address"].value() or NEW) if form else NEW,
                "ways": ways_of(self.ways()).rows if asks or payable else [],
                "payable": payable,
                "owes_balance": owes_balance,
                "due": _due(view),
                "is_sellers": self.is_sellers,
                "may_buy": self.may_buy,
                "is_member": self.actor is not None,
                "mine": mine,
                "parcels": invitations.parcels(view.order) if mine and view.order else [],
                "code": code,
            },
            status=status,
        )


def back(request: HttpRequest, payment_number: str) -> HttpResponseBase:
    """Back from the bank: to the link by which a payment was begun; others to where they began."""
    token = request.session.get(INVITED, {}).get(payment_number)
    if token is None:
        return collecting.back(request, payment_number)
    payment = money.payment(payment_number)
    if payment.state == "succeeded":
        toasts.success(request, _("已付款 %(amount)s，由平台担保。") % {"amount": payment.amount})
    elif payment.state in ("failed", "returned"):
        toasts.warning(request, _("这次付款没有入账：%(why)s。") % {"why": payment.outcome})
    else:
        toasts.info(request, _("银行确认后自动入账，不用再付一次。"))
    return redirect("storefront:invitation", cast(str, token))


def _due(view: OpenedView) -> Money:
    """What is to be paid now of an order that was confirmed."""
    if not view.subject:
        return view.said.deposit or view.said.total
    parts = [stage.amount for stage in money.stages(view.subject) if stage.payable_now]
    return parts[0] if parts else view.order_total


def _quiet(answer: HttpResponseBase) -> HttpResponse:
    """An answer that nobody keeps or lists."""
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Cache-Control"] = "private, no-store"
    return cast(HttpResponse, answer)
