"""Tables of trade, by topic."""

from pifa.trade.models.after_sale import Dispute, RefundCase, Review
from pifa.trade.models.approval import ApprovalLimit, PurchaseApproval
from pifa.trade.models.first_order import FirstOrderClaim, LossKind
from pifa.trade.models.invitations import InvitationLine, InvitationMiss, OrderInvitation
from pifa.trade.models.invoices import (
    InvoicedOrder,
    InvoiceKind,
    InvoicePaper,
    InvoiceProfile,
    InvoiceRequest,
)
from pifa.trade.models.orders import (
    Order,
    OrderChannel,
    OrderLine,
    OrderScene,
    PriceAdjustment,
    Provenance,
    PurchaseLine,
)
from pifa.trade.models.past import CancellationMatch, ImportBatch, ImportRejection
from pifa.trade.models.quotes import (
    Quote,
    QuoteLine,
    QuoteRequest,
    QuoteRequestLine,
    QuoteRevision,
)
from pifa.trade.models.shipping import (
    CarrierDesk,
    SandboxWaybill,
    Shipment,
    TrackingEvent,
)
from pifa.trade.models.staged import ProductionNote, ProductionPicture, StagedOrder
from pifa.trade.states import OrderStatus, ParcelState, RefundState

__all__ = [
    "ApprovalLimit",
    "CancellationMatch",
    "CarrierDesk",
    "Dispute",
    "FirstOrderClaim",
    "ImportBatch",
    "ImportRejection",
    "InvitationLine",
    "InvitationMiss",
    "InvoiceKind",
    "InvoicePaper",
    "InvoiceProfile",
    "InvoiceRequest",
    "InvoicedOrder",
    "LossKind",
    "Order",
    "OrderChannel",
    "OrderInvitation",
    "OrderLine",
    "OrderScene",
    "OrderStatus",
    "ParcelState",
    "PriceAdjustment",
    "ProductionNote",
    "ProductionPicture",
    "Provenance",
    "PurchaseApproval",
    "PurchaseLine",
    "Quote",
    "QuoteLine",
    "QuoteRequest",
    "QuoteRequestLine",
    "QuoteRevision",
    "RefundCase",
    "RefundState",
    "Review",
    "SandboxWaybill",
    "Shipment",
    "StagedOrder",
    "TrackingEvent",
]
