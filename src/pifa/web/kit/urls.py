"""Addresses of the kit, under /design/."""

from __future__ import annotations

from django.urls import path

from pifa.web.kit import views

app_name = "kit"
urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("theme/", views.theme, name="theme"),
    path("frame/<slug:name>/", views.frame, name="frame"),
]
