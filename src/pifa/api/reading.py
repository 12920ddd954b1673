"""What requests carry, read strictly: UTF-8 JSON, and no text that a database cannot keep."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, NoReturn

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.errors import ValidationError
from ninja.parser import Parser

from pifa.api.problems import BadText, NotJson


class StrictParser(Parser):
    """JSON without NaN, NUL characters and broken surrogate pairs."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body's data; `NotJson` or `BadText`."""
        try:
            text = request.body.decode()
            data = json.loads(text, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise NotJson from error
        if "\\u" in text:
            _check_text(data)
        return data

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """The fields of a query or a form; `BadText`."""
        for values in data.lists():
            if any(isinstance(value, str) and "\x00" in value for value in values[1]):
                raise BadText(field=values[0])
        return super().parse_querydict(data, list_fields, request)


def _check_text(data: Any) -> None:
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
                raise BadText
        elif isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def only_known(request: HttpRequest, names: Collection[str]) -> None:
    """Refuse parameters of the address that an endpoint does not have, each by its name, as
    unknown fields of a body are: a typing error would else be an answer to another question."""
    unknown = [name for name in request.GET if name not in names]
    if unknown:
        raise ValidationError(
            [{"type": "extra_forbidden", "loc": ("query", name[:60])} for name in unknown[:20]]
        )
