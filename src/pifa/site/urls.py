"""Which address leads to which face."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from pifa.api.openapi import unknown_address
from pifa.api.v1 import api
from pifa.site import files

urlpatterns = [
    # First, because programs ask most often and addresses are tried in order.
    path("api/v1/", api.urls),
    path("api/<path:rest>", unknown_address),
    path("", include("pifa.web.storefront.urls")),
    path("buyer/", include("pifa.web.buyer.urls")),
    path("channel/", include("pifa.web.channel.urls")),
    path("seller/", include("pifa.web.seller.urls")),
    path("design/", include("pifa.web.kit.urls")),
    path("console/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("media/pictures/<path:path>", files.picture),
    path("favicon.ico", files.favicon),
]
