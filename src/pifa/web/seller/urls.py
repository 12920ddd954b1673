"""Addresses of the seller centre."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from pifa.web.seller import bond, cash, invoices, opening, quotes, reports, shop, today
from pifa.web.seller.channel import groups, posts, prices, quick
from pifa.web.seller.credit import lines as credit
from pifa.web.seller.credit import sheets as credit_sheets
from pifa.web.seller.crm import files, followups
from pifa.web.seller.crm import sheets as file_sheets
from pifa.web.seller.frame import CENTRE
from pifa.web.seller.goods import freight, grid, listing, offer_page
from pifa.web.seller.goods import sheets as goods_sheets
from pifa.web.seller.invitations import edit
from pifa.web.seller.invitations import page as invitations
from pifa.web.seller.invitations import sheets as invited
from pifa.web.seller.orders import desk, page, production, refunds, sheets, shipping
from pifa.web.seller.past import columns, customers, imports
from pifa.web.seller.secured import page as secured
from pifa.web.shared import urls as shared

app_name = "seller"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", today.today, name="home"),
    path("open/", opening.open_shop, name="open"),
    path("checklist/", opening.checklist, name="checklist"),
    path("checklist/membership/", opening.buy_membership, name="buy_membership"),
    path("checklist/protection/", opening.join_protection, name="join_protection"),
    path("checklist/protection/leave/", opening.leave_protection, name="leave_protection"),
    path("orders/", desk.orders, name="orders"),
    path("orders/close/", desk.close, name="orders_close"),
    path("orders/export/", sheets.export, name="orders_export"),
    path("orders/print/", sheets.delivery_notes, name="delivery_notes"),
    path("orders/picking/", sheets.picking_list, name="picking_list"),
    path("orders/ship/", shipping.ship, name="ship"),
    path("orders/ship/sheet/", shipping.shipment_sheet, name="shipment_sheet"),
    path("orders/ship/sheet/go/", shipping.ship_previewed, name="ship_previewed"),
    path("orders/ship/template/", shipping.shipment_template, name="shipment_template"),
    path("orders/<str:number>/", page.order, name="order"),
    path("orders/<str:number>/invite/", invitations.repeat, name="invitation_repeat"),
    path("invitations/", invitations.desk, name="invitations"),
    path("invitations/new/", edit.new, name="invitation_new"),
    path("invitations/sheet/", invited.bring_in, name="invitation_sheet"),
    path("invitations/sheet/go/", invited.go, name="invitation_sheet_go"),
    path("invitations/sheet/template/", invited.template, name="invitation_template"),
    path("invitations/<str:number>/", invitations.invitation, name="invitation"),
    path("invitations/<str:number>/edit/", edit.edit, name="invitation_edit"),
    path("invitations/<str:number>/act/", invitations.act, name="invitation_act"),
    path("invitations/<str:number>/code.svg", invitations.code, name="invitation_code"),
    path("invitations/<str:number>/card/", invitations.card, name="invitation_card"),
    path(
        "invitations/<str:number>/<int:position>/",
        invitations.picture,
        name="invitation_picture",
    ),
    path("quotes/", quotes.inbox, name="quotes"),
    path("quotes/<str:number>/", quotes.quote, name="quote"),
    path("quotes/<str:number>/picture/", quotes.picture, name="quote_picture"),
    path("orders/<str:number>/progress/", production.progress, name="progress"),
    path(
        "orders/<str:number>/production/<int:picture_id>/",
        production.picture,
        name="production_picture",
    ),
    path("refunds/", refunds.refunds, name="refunds"),
    path("goods/", listing.goods, name="goods"),
    path("goods/act/", listing.act, name="goods_act"),
    path("offers/new/", offer_page.offer_new, name="offer_new"),
    path("goods/grid/", grid.grid, name="goods_grid"),
    path("goods/bulk/", goods_sheets.bulk, name="goods_bulk"),
    path("goods/bulk/go/", goods_sheets.bring_in, name="goods_bring_in"),
    path("goods/bulk/rejected/", goods_sheets.rejected, name="goods_rejected"),
    path("goods/bulk/template/", goods_sheets.template, name="goods_template"),
    path("goods/export/", goods_sheets.export, name="goods_export"),
    path("offers/<int:offer_id>/", offer_page.offer, name="offer"),
    path("offers/<int:offer_id>/act/", offer_page.offer_act, name="offer_act"),
    path("freight/", freight.templates, name="freight"),
    path("freight/new/", freight.new, name="freight_new"),
    path("freight/<int:template_id>/", freight.template, name="freight_template"),
    path("freight/<int:template_id>/delete/", freight.delete, name="freight_delete"),
    path("past/", imports.past, name="past"),
    path("past/columns/", columns.columns, name="past_columns"),
    path("past/columns/mapping.toml", columns.mapping_file, name="past_mapping"),
    path("past/<int:batch_id>/", imports.result, name="past_result"),
    path("past/<int:batch_id>/rejected/", imports.rejected, name="past_rejected"),
    path("past/<int:batch_id>/again/", imports.again, name="past_again"),
    path("customers/", customers.customers, name="customers"),
    path("customers/invite/", customers.invite, name="customer_invite"),
    path("customers/act/", customers.act, name="customer_act"),
    path("posts/", posts.own_posts, name="posts"),
    path("posts/new/", posts.post_new, name="post_new"),
    path("posts/<int:post_id>/", posts.own_post, name="post"),
    path("posts/<int:post_id>/recall/", posts.recall, name="post_recall"),
    path("groups/", groups.groups, name="groups"),
    path("groups/<int:group_id>/", groups.group, name="group"),
    path("groups/<int:group_id>/prices/", prices.prices, name="group_prices"),
    path("offers/quick/", quick.quick, name="quick"),
    path("offers/<int:offer_id>/audience/", groups.audience, name="audience"),
    path("followups/", followups.followups, name="followups"),
    path("followups/mark/", followups.mark, name="followup_mark"),
    path("files/", files.files, name="files"),
    path("files/new/", files.new, name="file_new"),
    path("files/duplicates/", files.duplicates, name="duplicates"),
    path("files/merge/", files.merge, name="file_merge"),
    path("files/merge/<int:merge_id>/undo/", files.undo, name="file_undo_merge"),
    path("files/import/", file_sheets.bring_in, name="files_import"),
    path("files/import/go/", file_sheets.go, name="files_import_go"),
    path("files/export/", file_sheets.export, name="files_export"),
    path("files/<int:file_id>/", files.file, name="file"),
    path("files/<int:file_id>/edit/", files.edit, name="file_edit"),
    path("files/<int:file_id>/note/", files.note, name="file_note"),
    path("balance/", shop.balance, name="balance"),
    path("balance/instant/", shop.instant_payout, name="instant_payout"),
    path("bond/", bond.bond, name="bond"),
    path("cash/", cash.overview, name="cash"),
    path("cash/forgive/<str:number>/", cash.forgive, name="cash_forgive"),
    path("credit/", credit.lines, name="credit"),
    path("credit/ageing/", credit.ageing, name="credit_ageing"),
    path("credit/ageing/sheet/", credit_sheets.open_items, name="credit_ageing_sheet"),
    path("credit/import/", credit_sheets.bring_in, name="credit_import"),
    path("credit/import/go/", credit_sheets.go, name="credit_import_go"),
    path("credit/sheet/", credit_sheets.export, name="credit_export"),
    path("credit/<int:line_id>/", credit.line, name="credit_line"),
    path("secured/", secured.receivables, name="secured"),
    path("secured/early/", secured.early, name="secured_early"),
    path("secured/join/", secured.join, name="secured_join"),
    path("secured/leave/", secured.leave, name="secured_leave"),
    path("report/", reports.sales, name="report"),
    path("report/sheet/", reports.sales_sheet, name="report_sheet"),
    path("report/repeat/", reports.repeat, name="report_repeat"),
    path("report/repeat/sheet/", reports.repeat_sheet, name="report_repeat_sheet"),
    path("shop/", shop.shop, name="shop"),
    path("invoices/sheet/", invoices.sheet, name="invoices_sheet"),
    *shared.pages(CENTRE),
]
