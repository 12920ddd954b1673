"""The only writers of payables, payments and deposits; each module has one topic.

Locks are taken in one order (`docs/locking.md`): the subject's own row, the payable, its stage,
its payments, then the ledger's accounts and holds.
"""

from __future__ import annotations

from pifa.finance.commands.agreeing import agree, lock_agreed
from pifa.finance.commands.arriving import book_arrival, keep_promise
from pifa.finance.commands.attention import clear_flag
from pifa.finance.commands.blocking import block_new, block_payable, unblock_payable
from pifa.finance.commands.by_link import change_payer, start_by_link
from pifa.finance.commands.collecting import (
    close_collection_code,
    refund_collection,
    renew_collection_code,
    start_collection,
)
from pifa.finance.commands.instant import pay_out_at_once, switch_instant_payout
from pifa.finance.commands.making_good import make_good
from pifa.finance.commands.payables import (
    NewPayable,
    NewStage,
    change_amount,
    change_schedule,
    close_payable,
    open_payables,
    set_due,
)
from pifa.finance.commands.paying import (
    PaymentStart,
    receive_notice,
    refresh_payment,
    start_payment,
)
from pifa.finance.commands.paying_out import Refunded, refund, release
from pifa.finance.commands.presenting import Presentation, present
from pifa.finance.commands.protection import (
    ProtectionStart,
    join_buyer_protection,
    leave_buyer_protection,
)
from pifa.finance.commands.receiving import note_received
from pifa.finance.commands.schedule import MOST_PARTS, split_payment, waive_rest
from pifa.finance.financiers.receiving import receive_word
from pifa.finance.insurance.bond.commands import give_bond_up, renew_bond_by_itself, take_bond
from pifa.finance.insurance.freight.commands import give_freight_insurance
from pifa.finance.insurance.freight.paying import start_insured
from pifa.finance.methods.acceptance_bill.commands.answering import (
    accept_bill,
    forgive_bill,
    refuse_bill,
)
from pifa.finance.methods.acceptance_bill.commands.drawing import draw_bill
from pifa.finance.methods.acceptance_bill.commands.hearing import receive_bill
from pifa.finance.methods.cash_on_delivery.commands.batches import recheck_batch, return_batch
from pifa.finance.methods.cash_on_delivery.commands.findings import clear_finding
from pifa.finance.methods.cash_on_delivery.commands.forgiving import forgive_rest
from pifa.finance.methods.cash_on_delivery.commands.items import HandedOver, hand_over
from pifa.finance.methods.cash_on_delivery.commands.offering import offer_cash
from pifa.finance.methods.secured.commands.collecting import collect_early
from pifa.finance.methods.secured.commands.repaying import repay_secured
from pifa.finance.methods.secured.commands.service import join_secured, leave_secured
from pifa.finance.methods.trade_credit.commands.lines import (
    LineDraft,
    change_credit,
    freeze_credit,
    grant_credit,
    put_credit,
    unfreeze_credit,
)
from pifa.finance.methods.trade_credit.commands.repaying import repay
from pifa.finance.methods.trust.commands.mandates import end_trust, sign_trust
from pifa.finance.methods.trust.commands.repaying import repay_trust
from pifa.finance.withdrawals.commands import (
    Withdrawn,
    add_bank_account,
    add_payee,
    approve_withdrawal,
    cancel_withdrawal,
    refuse_withdrawal,
    remove_payee,
    withdraw,
)

__all__ = [
    "MOST_PARTS",
    "HandedOver",
    "LineDraft",
    "NewPayable",
    "NewStage",
    "PaymentStart",
    "Presentation",
    "ProtectionStart",
    "Refunded",
    "Withdrawn",
    "accept_bill",
    "add_bank_account",
    "add_payee",
    "agree",
    "approve_withdrawal",
    "block_new",
    "block_payable",
    "book_arrival",
    "cancel_withdrawal",
    "change_amount",
    "change_credit",
    "change_payer",
    "change_schedule",
    "clear_finding",
    "clear_flag",
    "close_collection_code",
    "close_payable",
    "collect_early",
    "draw_bill",
    "end_trust",
    "forgive_bill",
    "forgive_rest",
    "freeze_credit",
    "give_bond_up",
    "give_freight_insurance",
    "grant_credit",
    "hand_over",
    "join_buyer_protection",
    "join_secured",
    "keep_promise",
    "leave_buyer_protection",
    "leave_secured",
    "lock_agreed",
    "make_good",
    "note_received",
    "offer_cash",
    "open_payables",
    "pay_out_at_once",
    "present",
    "put_credit",
    "receive_bill",
    "receive_notice",
    "receive_word",
    "recheck_batch",
    "refresh_payment",
    "refund",
    "refund_collection",
    "refuse_bill",
    "refuse_withdrawal",
    "release",
    "remove_payee",
    "renew_bond_by_itself",
    "renew_collection_code",
    "repay",
    "repay_secured",
    "repay_trust",
    "return_batch",
    "set_due",
    "sign_trust",
    "split_payment",
    "start_by_link",
    "start_collection",
    "start_insured",
    "start_payment",
    "switch_instant_payout",
    "take_bond",
    "unblock_payable",
    "unfreeze_credit",
    "waive_rest",
    "withdraw",
]
