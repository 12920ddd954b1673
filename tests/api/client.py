"""A program that calls the API, as an app of a member would."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

PREFIX = "/api/v1"


class App:
    """Calls with a token (or without one) in a language; answers are read as JSON."""

    def __init__(self, token: str | None = None, language: str = "zh") -> None:
        self.client = Client(raise_request_exception=False)
        self.token = token
        self.language = language

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        expect: int | None = None,
        **query: Any,
    ) -> Any:
        """The answer's data, if its status is the expected one (2xx without one)."""
        response = self.respond(method, path, body, key=key, **query)
        wanted = {expect} if expect else range(200, 300)
        assert response.status_code in wanted, (response.status_code, response.content.decode())
        return json.loads(response.content) if response.content else None

    def respond(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, **query: Any
    ) -> HttpResponse:
        """The answer itself."""
        headers = {"Accept-Language": self.language}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if key is not None:
            headers["Idempotency-Key"] = key
        return self.client.generic(  # type: ignore[return-value]
            method,
            PREFIX + path,
            b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
            headers=headers,
            query_params=query or None,
        )

    def get(self, path: str, **query: Any) -> Any:
        return self.call("GET", path, **query)

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        return self.call("POST", path, body, **options)

    def upload(self, path: str, **fields: Any) -> Any:
        """POST a form with files (or plain fields)."""
        headers = {"Accept-Language": self.language, "Authorization": f"Bearer {self.token}"}
        response = self.client.post(PREFIX + path, fields, headers=headers)
        assert 200 <= response.status_code < 300, response.content.decode()
        return json.loads(response.content)

    def put(self, path: str, body: Any = None, **options: Any) -> Any:
        return self.call("PUT", path, body, **options)

    def delete(self, path: str, **options: Any) -> Any:
        return self.call("DELETE", path, **options)
