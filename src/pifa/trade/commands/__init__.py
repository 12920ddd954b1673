"""The verbs of trade, by topic. They are the only writers of orders."""

from pifa.trade.commands.checkout import CheckoutRequest, place_orders
from pifa.trade.commands.disputes import answer_dispute, open_dispute, rule_dispute
from pifa.trade.commands.exports import (
    export_orders,
    export_repeat,
    export_sales,
    export_waiting,
    print_notes,
    print_picking,
)
from pifa.trade.commands.fulfilment import (
    ShipRequest,
    confirm_receipt,
    ship,
    ship_express,
    ship_many,
)
from pifa.trade.commands.outcomes import Outcome
from pifa.trade.commands.pricing import adjust_price, cancel_order, close_many, close_order
from pifa.trade.commands.purchase_list import change_list_line, put_on_list, remove_from_list
from pifa.trade.commands.refunds import (
    answer_refund,
    ask_refund,
    confirm_return,
    send_return,
    withdraw_refund,
)
from pifa.trade.commands.reviews import answer_review, note_seller, write_review
from pifa.trade.commands.shipment_sheet import (
    ShipmentPreview,
    Shipped,
    preview_shipments,
    ship_from_sheet,
)
from pifa.trade.queries.checkout import preview_checkout

__all__ = [
    "CheckoutRequest",
    "Outcome",
    "ShipRequest",
    "ShipmentPreview",
    "Shipped",
    "adjust_price",
    "answer_dispute",
    "answer_refund",
    "answer_review",
    "ask_refund",
    "cancel_order",
    "change_list_line",
    "close_many",
    "close_order",
    "confirm_receipt",
    "confirm_return",
    "export_orders",
    "export_repeat",
    "export_sales",
    "export_waiting",
    "note_seller",
    "open_dispute",
    "place_orders",
    "preview_checkout",
    "preview_shipments",
    "print_notes",
    "print_picking",
    "put_on_list",
    "remove_from_list",
    "rule_dispute",
    "send_return",
    "ship",
    "ship_express",
    "ship_from_sheet",
    "ship_many",
    "withdraw_refund",
    "write_review",
]
