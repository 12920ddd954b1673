"""The private channel on a buyer's phone (`CHANNEL-*`): its suppliers, what they tell, their goods.

An app to install. Nothing in it shows a seller that the buyer is not related to; what everybody
may see stands in the storefront.
"""

from __future__ import annotations

SHELL = (
    "kit/tokens.css",
    "kit/base.css",
    "kit/layout.css",
    "kit/components.css",
    "kit/forms.css",
    "kit/data.css",
    "kit/icon.svg",
    "kit/kit.js",
    "channel/channel.css",
    "channel/channel.js",
)
"""Static files that the page without a network is made of."""

ICONS = (
    ("channel/icon-192.png", "192x192", "any"),
    ("channel/icon-512.png", "512x512", "any"),
    ("channel/icon-maskable-512.png", "512x512", "maskable"),
)
"""Icons of the app: file, size, and whether a system may cut its edges off."""
