"""Addresses of the storefront."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from pifa.web.storefront import accounts, browsing

app_name = "storefront"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", browsing.home, name="home"),
    path("categories/", browsing.categories, name="categories"),
    path("c/<slug:slug>/", browsing.category, name="category"),
    path("search/", browsing.search, name="search"),
    path("shop/<slug:slug>/", browsing.shop, name="shop"),
    path("login/", accounts.SignIn.as_view(), name="sign_in"),
    path("logout/", accounts.SignOut.as_view(), name="sign_out"),
    path("join/", accounts.sign_up, name="sign_up"),
    path("welcome/", accounts.welcome, name="welcome"),
    path("company/", accounts.choose_company, name="choose_company"),
]
