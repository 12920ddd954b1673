"""A sheet that is looked at before it is brought in: upload, preview, go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Generic, TypeVar

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError
from pifa.web.seller import uploads
from pifa.web.seller.frame import actor_on, show

SHEET = "sheet"

R = TypeVar("R")


class UploadForm(forms.Form):
    """One sheet."""

    sheet = forms.FileField(widget=forms.FileInput({"accept": ".xlsx,.csv"}))


@dataclass(frozen=True, slots=True)
class PreviewedSheet(Generic[R]):
    """One kind of sheet. `purpose` names the kept upload; `page` the address and the template of
    the upload; `label` and `help_text` stand at its field.

    `read(actor, file, name, keep)` makes the report of a sheet, and keeps what it brings if asked;
    it may refuse the sheet. `shown(request, report, done)` is the page of a report. `args` is what
    the address needs besides, `given` what the page of the upload does.
    """

    purpose: str
    page: str
    label: Promise
    help_text: Promise
    read: Callable[[Actor, IO[bytes], str, bool], R]
    shown: Callable[[HttpRequest, R, bool], HttpResponse]
    args: tuple[int, ...] = ()
    given: Mapping[str, object] = field(default_factory=dict)

    def bring_in(self, request: HttpRequest) -> HttpResponse:
        """Upload a sheet and see what it would do; nothing is changed yet."""
        form = UploadForm(request.POST or None, request.FILES or None)
        entry = form.fields[SHEET]
        entry.label, entry.help_text = str(self.label), str(self.help_text)
        refusal: DomainError | None = None
        if request.method == "POST" and form.is_valid():
            uploads.keep(request, self.purpose, {SHEET: form.cleaned_data[SHEET]})
            try:
                return self.shown(request, self._report(request, keep=False), False)
            except DomainError as error:
                uploads.forget(request, self.purpose)
                refusal = error
        status = 422 if request.method == "POST" else 200
        given: dict[str, Any] = {"form": form, "refusal": refusal, **self.given}
        return show(request, f"seller/{self.page}.html", status=status, **given)

    def go(self, request: HttpRequest) -> HttpResponse:
        """Do what the preview showed."""
        if uploads.kept(request, self.purpose) is None:
            toasts.error(request, _("上传的文件已经处理过或已过期，请重新上传。"))
            return redirect(f"seller:{self.page}", *self.args)
        try:
            report = self._report(request, keep=True)
        except DomainError as error:
            toasts.error(request, str(error))
            return redirect(f"seller:{self.page}", *self.args)
        uploads.forget(request, self.purpose)
        return self.shown(request, report, True)

    def _report(self, request: HttpRequest, *, keep: bool) -> R:
        folder = uploads.kept(request, self.purpose)
        assert folder is not None
        with (folder / SHEET).open("rb") as file:
            return self.read(actor_on(request), file, uploads.name_of(folder), keep)
