"""Addresses of the private channel."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from pifa.web.channel import goods, home, installed, orders, updates

app_name = "channel"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("join/<str:login>/", home.join, name="join"),
    path("updates/", updates.updates, name="updates"),
    path("posts/<int:post_id>/", updates.post, name="post"),
    path("sellers/<int:seller_id>/", goods.seller, name="seller"),
    path("goods/<int:offer_id>/", goods.goods, name="goods"),
    path("goods/<int:offer_id>/total/", goods.goods_total, name="goods_total"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<str:number>/", orders.order, name="order"),
    path("manifest.webmanifest", installed.manifest, name="manifest"),
    path("worker.js", installed.worker, name="worker"),
    path("offline/", installed.offline, name="offline"),
]
