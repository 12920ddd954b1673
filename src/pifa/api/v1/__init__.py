"""Version 1 of the REST API, a module a topic."""

from __future__ import annotations

from ninja import NinjaAPI

api = NinjaAPI(title="Pifa", version="1.0.0", urls_namespace="api-v1")
