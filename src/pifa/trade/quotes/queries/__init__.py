"""What buyers and sellers read of requests for quotes; each a bounded number of statements."""

from pifa.trade.quotes.queries.detail import (
    Picture,
    asked_quote,
    offer_to_insure,
    quote_request,
    request_of_quote,
    request_picture,
    ways_open,
)
from pifa.trade.quotes.queries.lists import (
    INBOX_TABS,
    REQUEST_TABS,
    inbox,
    requests,
)
from pifa.trade.quotes.queries.sellers import sellers_to_ask
from pifa.trade.quotes.queries.views import (
    AskedLine,
    InboxRow,
    LinePrice,
    QuoteView,
    RequestRow,
    RequestView,
    RevisionView,
)

__all__ = [
    "INBOX_TABS",
    "REQUEST_TABS",
    "AskedLine",
    "InboxRow",
    "LinePrice",
    "Picture",
    "QuoteView",
    "RequestRow",
    "RequestView",
    "RevisionView",
    "asked_quote",
    "inbox",
    "offer_to_insure",
    "quote_request",
    "request_of_quote",
    "request_picture",
    "requests",
    "sellers_to_ask",
    "ways_open",
]
