"""The verbs of requests for quotes: asking, answering, deciding; the only writers of their tables."""

from pifa.trade.quotes.commands.answering import (
    AnswerGiven,
    answer_quote,
    decline_quote,
    withdraw_quote,
)
from pifa.trade.quotes.commands.asking import AskRequest, ask_quotes, attach_picture
from pifa.trade.quotes.commands.deciding import accept_quote, close_request, refuse_quote

__all__ = [
    "AnswerGiven",
    "AskRequest",
    "accept_quote",
    "answer_quote",
    "ask_quotes",
    "attach_picture",
    "close_request",
    "decline_quote",
    "refuse_quote",
    "withdraw_quote",
]
