"""What others may read of trade, by topic; each a bounded number of SQL statements."""

from pifa.trade.queries.adviser_goods import Advice, PricePaid, UsualGoods, adviser
from pifa.trade.queries.adviser_peers import LevelOf, Peers
from pifa.trade.queries.checkout import (
    CheckoutView,
    LineView,
    SellerView,
    list_count,
    preview_checkout,
    purchase_list,
    ways_to_agree,
)
from pifa.trade.queries.counts import MOST, shown_counts, tab_counts
from pifa.trade.queries.desk import DECLARED, Filters, LineRow, OrderRow, orders
from pifa.trade.queries.detail import OrderDetail, RefundView, order, refund
from pifa.trade.queries.disputes import DisputeRow, disputes
from pifa.trade.queries.packing import (
    PackingNote,
    PickingList,
    carriers_used,
    packing_notes,
    picking_list,
)
from pifa.trade.queries.refunds import CaseRow, refund_cases
from pifa.trade.queries.repeat_purchase import (
    OrdersBand,
    Repeat,
    RepeatPoint,
    RepeatReport,
    ReturningBuyer,
    repeat,
    repeat_report,
)
from pifa.trade.queries.report_sheets import (
    REPEAT_COLUMNS,
    SALES_COLUMNS,
    band_words,
    repeat_rows,
    sales_rows,
)
from pifa.trade.queries.reports import DaySales, SalesReport, daily_sales, sales, sales_report
from pifa.trade.queries.reviews import OfferReview, Rating, rating, seller_reviews
from pifa.trade.queries.series import (
    LONGEST_DAYS,
    SalesPoint,
    SalesSeries,
    sales_series,
)
from pifa.trade.queries.sheet import SHEET_COLUMNS, order_sheet
from pifa.trade.queries.stories import Event, MoneyStory, money_story, timeline
from pifa.trade.queries.today import SellerToday, seller_today, seller_waiting

__all__ = [
    "DECLARED",
    "LONGEST_DAYS",
    "MOST",
    "REPEAT_COLUMNS",
    "SALES_COLUMNS",
    "SHEET_COLUMNS",
    "Advice",
    "CaseRow",
    "CheckoutView",
    "DaySales",
    "DisputeRow",
    "Event",
    "Filters",
    "LevelOf",
    "LineRow",
    "LineView",
    "MoneyStory",
    "OfferReview",
    "OrderDetail",
    "OrderRow",
    "OrdersBand",
    "PackingNote",
    "Peers",
    "PickingList",
    "PricePaid",
    "Rating",
    "RefundView",
    "Repeat",
    "RepeatPoint",
    "RepeatReport",
    "ReturningBuyer",
    "SalesPoint",
    "SalesReport",
    "SalesSeries",
    "SellerToday",
    "SellerView",
    "UsualGoods",
    "adviser",
    "band_words",
    "carriers_used",
    "daily_sales",
    "disputes",
    "list_count",
    "money_story",
    "order",
    "order_sheet",
    "orders",
    "packing_notes",
    "picking_list",
    "preview_checkout",
    "purchase_list",
    "rating",
    "refund",
    "refund_cases",
    "repeat",
    "repeat_report",
    "repeat_rows",
    "sales",
    "sales_report",
    "sales_rows",
    "sales_series",
    "seller_reviews",
    "seller_today",
    "seller_waiting",
    "shown_counts",
    "tab_counts",
    "timeline",
    "ways_to_agree",
]
