"""What pages of order invitations show alike: colours of states, terms in words, pictures, codes."""

from __future__ import annotations

from urllib.parse import urljoin

import segno
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from pifa.trade.invitations.queries import InvitationView, KeptPicture
from pifa.trade.invitations.states import InvitationState

CLAIM = "claim_code"
"""Where the page after payment leaves, in the session, the code that takes a guest's order over."""

KINDS: dict[str, str] = {
    InvitationState.DRAFT: "line",
    InvitationState.OPEN: "now",
    InvitationState.CONFIRMED: "warn",
    InvitationState.DONE: "ok",
    InvitationState.EXPIRED: "line",
    InvitationState.RECALLED: "line",
}
"""The kind of tag for each state; the word always stands in it."""


def terms_words(said: InvitationView) -> str:
    """How it is paid, with its figures."""
    if said.deposit is None:
        return _("一次付清")
    return _("先付定金 %(deposit)s，生产 %(days)s 天后付尾款 %(balance)s") % {
        "deposit": said.deposit,
        "days": said.terms.production_days,
        "balance": said.total - said.deposit,
    }


def address_of(token: str) -> str:
    """The address that a link stands for."""
    return urljoin(settings.SITE_URL, reverse("storefront:invitation", args=[token]))


def code_drawing(token: str) -> str:
    """The address as a QR code, drawn as SVG; white behind it, for readers on a dark page too."""
    made = segno.make(address_of(token), error="m", micro=False)
    drawing = made.svg_inline(scale=8, border=4, omitsize=True, light="#fff")
    return drawing.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)


def picture_answer(picture: KeptPicture) -> HttpResponse:
    """A picture of typed goods, for whom it was asked for."""
    answer = HttpResponse(picture.data, content_type=f"image/{picture.kind}")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
