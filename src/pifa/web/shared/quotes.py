"""What both sides' pages of quotes show alike: colours of states, terms in words, pictures."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from pifa.trade.quotes.queries import Picture, RequestView, RevisionView
from pifa.trade.quotes.states import PayWay, QuoteState, RequestState
from pifa.web.shared.regions import place_name

REQUEST_KINDS: dict[str, str] = {
    RequestState.OPEN: "now",
    RequestState.DECIDING: "warn",
    RequestState.ORDERED: "ok",
    RequestState.CLOSED: "line",
    RequestState.EXPIRED: "line",
}
QUOTE_KINDS: dict[str, str] = {
    QuoteState.ASKED: "warn",
    QuoteState.QUOTED: "now",
    QuoteState.ACCEPTED: "ok",
    QuoteState.REFUSED: "bad",
    QuoteState.DECLINED: "line",
    QuoteState.WITHDRAWN: "line",
    QuoteState.LAPSED: "line",
    QuoteState.CLOSED: "line",
}
"""The kind of tag for each state; the word always stands in it."""


def place_of(view: RequestView) -> str:
    """Where the goods are to go, as far as a seller knows it."""
    return place_name(view.region, view.city)


def terms_words(answer: RevisionView) -> str:
    """How an answer is paid, with its figures."""
    if answer.terms.way != PayWay.STAGED:
        return answer.way_label
    return _("%(way)s：定金 %(deposit)s，生产 %(days)s 天后付尾款") % {
        "way": answer.way_label,
        "deposit": answer.deposit,
        "days": answer.terms.production_days,
    }


def picture_answer(picture: Picture) -> HttpResponse:
    """A picture that only the two sides of a request may see."""
    answer = HttpResponse(picture.data, content_type=f"image/{picture.kind}")
    answer.headers["Cache-Control"] = "private, max-age=3600"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
