"""Forms whose refusals come from the commands: what was typed stays, the words stand beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.http import HttpRequest

from pifa.kernel.errors import DomainError, Forbidden, NotFound
from pifa.parties.text import clean_line

T = TypeVar("T")


def attempt(form: forms.BaseForm, verb: Callable[[], T]) -> T | None:
    """Do what a valid form asks; a refusal becomes the form's error and the answer is None.

    What the actor may not know of or do is not a mistake in the form and is raised on.
    """
    try:
        return verb()
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        field = error.field if error.field in form.fields else None
        form.add_error(field, str(error))
        return None


def typed_words(request: HttpRequest, name: str = "q", longest: int = 80) -> str:
    """What a reader looks for: one line, without what is pasted along unseen and matches nothing."""
    return clean_line(request.GET.get(name, ""))[:longest]


def phone_input() -> forms.TextInput:
    """An input that brings up the telephone keypad."""
    return forms.TextInput({"inputmode": "tel", "autocomplete": "tel"})
