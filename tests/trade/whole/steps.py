"""What may happen next, and how often: the commands of the whole test with their arguments."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from pifa.finance.sandbox.bank import BankAction
from pifa.finance.sandbox.bill_book import Plan, Trick
from pifa.finance.sandbox.carrier import BatchTrick, DoorAction
from pifa.finance.sandbox.transfers import Delivery
from pifa.kernel.money import Money
from tests.trade.whole.money import STUMBLES
from tests.trade.whole.orders import OPENINGS

_picks = st.integers(0, 30)
_yes = st.booleans()
_mostly = st.sampled_from([True, True, True, False])
_amounts = st.sampled_from([1, 8_00, 10_50, 20_00, 31_50, 35_00, 60_00, 1_000_00]).map(Money)
_actions = st.sampled_from(["pay"] * len(BankAction) + [*BankAction])
_deliveries = st.sampled_from(["now"] * len(Delivery) + [*Delivery])
_sizes = st.sampled_from(["whole", "whole", "half", "more", "every", "fen"])
_methods = st.sampled_from(
    [
        "gateway",
        "balance",
        "trade_credit",
        "transfer",
        "secured",
        "secured",
        "trust_payment",
        "trust_payment",
        "cash_on_delivery",
        "partner_bank",
        "acceptance_bill",
        "acceptance_bill",
    ]
)
_doors = st.sampled_from(["collect"] * len(DoorAction) + [*DoorAction])
_tricks = st.sampled_from(["right"] * len(BatchTrick) + [*BatchTrick])
_plays = st.sampled_from(["funds", "refuse", "refuse", "late", "twice", "amount", "signature"])
_ends = st.sampled_from(["honour", "dishonour", "dishonour", *Plan])
_purposes = st.sampled_from(["", "", "deposit", "balance"])

_STEPS: dict[str, tuple[int, tuple[st.SearchStrategy[Any], ...]]] = {
    "pay": (12, (_picks, _methods, st.integers(0, 3), _actions | st.just(""))),
    "go_on": (16, (_picks, _methods)),
    "wait": (6, (st.integers(1, 30) | st.integers(30, 300),)),
    "ask": (6, (_picks, st.sampled_from([0, 30, 60, 100, 100]), _yes, _purposes)),
    "case": (14, (_picks, _mostly, _amounts)),
    "withdraw_case": (1, (_picks,)),
    "split": (2, (_picks, _amounts, _yes)),
    "press": (2, (_picks, _actions)),
    "stumble": (1, (_picks, st.sampled_from(STUMBLES))),
    "tell_again": (2, (_picks,)),
    "ask_bank": (2, (_picks,)),
    "transfer": (4, (_picks, _sizes, _mostly, _yes, _deliveries, _mostly.map(lambda whole: not whole))),
    "deliver_held": (1, ()),
    "tell_line_again": (1, (_picks,)),
    "bring_in": (1, ()),
    "assign": (3, (_picks, _picks, _sizes)),
    "send_line_back": (1, (_picks,)),
    "order": (1, (_picks, _yes)),
    "decide": (2, (_picks, _mostly)),
    "accept": (2, (_picks,)),
    "reprice": (2, (_picks, _amounts)),
    "end": (3, (_picks, st.sampled_from(["cancel", "close", "late", "production"]))),
    "door": (9, (_picks, _doors)),
    "remit": (5, (_tricks,)),
    "batch": (2, (_picks, _yes)),
    "forgive": (1, (_picks,)),
    "pay_rest": (2, (_picks, st.sampled_from(["gateway", "balance", "transfer"]))),
    "bill": (5, (_picks, st.sampled_from(["accept", "accept", "refuse", "forgive"]))),
    "bill_plan": (3, (_picks, _ends)),
    "bill_word": (2, (_picks, st.sampled_from([*Trick]))),
    "repay": (5, (_picks, st.sampled_from(["due", "statement", "orders"]), st.none() | _amounts,
                  _methods | st.just(""))),
    "repay_secured": (4, (_picks, _yes, st.none() | _amounts, _methods | st.just(""))),
    "repay_trust": (4, (_picks, st.none() | _amounts, _methods | st.just(""))),
    "mandate": (1, (_picks, _amounts)),
    "play": (3, (_picks, _plays)),
    "collect_early": (4, (_picks, _yes)),
    "membership": (1, (_picks, _yes)),
    "change_limit": (1, (_picks, _amounts)),
    "tell_word_again": (1, (_picks,)),
    "change_line": (1, (_picks, _amounts)),
    "freeze": (1, (_picks,)),
    "receive": (2, (_picks, _amounts, _actions)),
    "give_back": (1, (_picks, _amounts)),
    "cash": (4, (_picks, st.sampled_from([50, 100, 100]), _yes)),
    "second": (2, (_picks, st.sampled_from(["approve", "approve", "refuse", "cancel"]))),
    "bounce": (2, (_picks,)),
    "fund": (3, (_picks, _amounts)),
    "give_insurance": (2, (_picks, _mostly)),
    "insured": (4, (_picks, _methods, _actions)),
    "pay_insured": (2, (_picks, _methods, _actions)),
    "invite": (2, (_picks, _yes)),
    "open_link": (5, (_picks, st.integers(0, 1), st.sampled_from([False, False, True]))),
    "pay_link": (7, (_picks, st.integers(0, 2), _actions)),
    "change_link": (3, (_picks, st.sampled_from(["change", "recall", "renew"]))),
    "take_over": (2, (_picks,)),
    "hear": (5, ()),
    "instant": (1, (_picks, _yes)),
    "bond": (3, (_picks, st.sampled_from(["take", "take", "give_up", "renew", "let_end"]))),
    "protect": (2, (_picks, _yes)),
    "bare": (4, (_picks, st.sampled_from(["release", "at_once", "received", "refund", "refund",
                                          "amount", "waive", "close"]), _amounts, _picks)),
}  # fmt: skip

openings = st.lists(st.tuples(_methods, st.integers(0, 4)), min_size=OPENINGS, max_size=OPENINGS)
"""How the first orders are paid, and how far they are on their way when the steps begin."""

_weighted = [verb for verb, (weight, _arguments) in _STEPS.items() for _time in range(weight)]

steps = st.sampled_from(_weighted).flatmap(lambda verb: st.tuples(st.just(verb), *_STEPS[verb][1]))
"""A command: its verb, and what it is done to."""
