"""Freight templates: how much sending costs, by region, by weight or by pieces."""

from __future__ import annotations

from dataclasses import dataclass, field

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pifa.catalog import commands
from pifa.catalog import queries as catalog
from pifa.catalog.models import FreightTemplate
from pifa.catalog.problems import Unacceptable
from pifa.catalog.rules import FreightBasis, FreightTerms, FreightZoneTerms
from pifa.kernel.errors import DomainError, Forbidden, NotFound
from pifa.kernel.money import Money
from pifa.kernel.regions import REGIONS
from pifa.web.access import seller_page
from pifa.web.seller.frame import CLERK, actor_on, show, whole_number
from pifa.web.shared.figures import typed_number
from pifa.web.shared.regions import region_choices

MAX_ZONES = 34
GRAMS = 1000


class TemplateForm(forms.Form):
    """A template's name and what it counts by."""

    name = forms.CharField(label=gettext_lazy("模板名称"), max_length=60)
    basis = forms.ChoiceField(
        label=gettext_lazy("计费方式"),
        choices=FreightTemplate.Basis.choices,
        widget=forms.RadioSelect,
        initial=FreightTemplate.Basis.WEIGHT,
    )


@dataclass(slots=True)
class ZoneRow:
    """A zone as typed. No regions: everywhere else."""

    regions: set[str] = field(default_factory=set)
    first_units: str = ""
    first: str = ""
    step_units: str = ""
    step: str = ""
    errors: list[str] = field(default_factory=list)

    @property
    def names(self) -> str:
        """Its regions in words."""
        return _("、").join(name for code, name in region_choices() if code in self.regions)

    @property
    def blank(self) -> bool:
        """Whether nothing at all was filled in."""
        return not (self.regions or self.first_units or self.first or self.step_units or self.step)


@seller_page(CLERK)
def templates(request: HttpRequest) -> HttpResponse:
    """The company's templates with their zones."""
    return show(
        request,
        "seller/freight.html",
        templates=[
            (
                terms,
                FreightTemplate.Basis(terms.basis).label,
                [_row_of(z, terms) for z in terms.zones],
            )
            for terms in catalog.freight_templates(actor_on(request))
        ],
    )


@seller_page(CLERK)
def new(request: HttpRequest) -> HttpResponse:
    """A new template."""
    return _edit(request, None)


@seller_page(CLERK)
def template(request: HttpRequest, template_id: int) -> HttpResponse:
    """Change a template of the company."""
    found = [
        t for t in catalog.freight_templates(actor_on(request)) if t.template_id == template_id
    ]
    if not found:
        raise NotFound()
    return _edit(request, found[0])


@seller_page(CLERK)
@require_POST
def delete(request: HttpRequest, template_id: int) -> HttpResponse:
    """Remove a template that no offer uses."""
    try:
        commands.delete_freight_template(actor_on(request), template_id)
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("seller:freight_template", template_id=template_id)
    messages.success(request, _("运费模板已删除。"))
    return redirect("seller:freight")


def _edit(request: HttpRequest, stored: FreightTerms | None) -> HttpResponse:
    problems: list[str] = []
    if request.method == "POST":
        form = TemplateForm(request.POST)
        by_weight = request.POST.get("basis") == FreightTemplate.Basis.WEIGHT
        rows = _typed(request.POST)
        if request.POST.get("act") == "add_zone":
            rows.append(ZoneRow())
        else:
            free = request.POST.get("basis") == FreightTemplate.Basis.FREE
            zones = [] if free else _read(rows, by_weight=by_weight)
            if form.is_valid() and zones is not None:
                data = (form.cleaned_data["name"], form.cleaned_data["basis"])
                try:
                    commands.save_freight_template(
                        actor_on(request),
                        *data,
                        zones,
                        stored.template_id if stored else None,
                    )
                except Unacceptable as error:
                    problems = [f"{p.field_label} {p}" for p in error.problems]
                else:
                    messages.success(request, _("运费模板已保存。"))
                    return redirect("seller:freight")
    else:
        initial = {"name": stored.name, "basis": stored.basis} if stored else {}
        form = TemplateForm(initial=initial)
        rows = [_row_of(zone, stored) for zone in stored.zones] if stored else [ZoneRow()]
    failed = request.method == "POST" and request.POST.get("act") != "add_zone"
    return show(
        request,
        "seller/freight_template.html",
        status=422 if failed else 200,
        form=form,
        rows=rows or [ZoneRow()],
        problems=problems,
        stored=stored,
        regions=region_choices(),
        may_add=len(rows) < MAX_ZONES,
    )


def _row_of(zone: FreightZoneTerms, terms: FreightTerms) -> ZoneRow:
    by_weight = terms.basis is FreightBasis.WEIGHT
    return ZoneRow(
        set(zone.regions),
        _units_text(zone.first_units, by_weight=by_weight),
        f"{zone.first.decimal:.2f}",
        _units_text(zone.step_units, by_weight=by_weight),
        f"{zone.step.decimal:.2f}",
    )


def _units_text(units: int, *, by_weight: bool) -> str:
    """Grams as kilograms without idle zeros; pieces as they are."""
    if not by_weight:
        return str(units)
    text = f"{units / GRAMS:.3f}"
    return text.rstrip("0").rstrip(".")


def _typed(post: QueryDict) -> list[ZoneRow]:
    count = whole_number(post.get("zones"), 0, MAX_ZONES)
    rows = [
        ZoneRow(
            {code for code in post.getlist(f"zone-{n}-region") if code in REGIONS},
            first_units=post.get(f"zone-{n}-first_units", "").strip(),
            first=post.get(f"zone-{n}-first", "").strip(),
            step_units=post.get(f"zone-{n}-step_units", "").strip(),
            step=post.get(f"zone-{n}-step", "").strip(),
        )
        for n in range(count)
        if f"zone-{n}-gone" not in post
    ]
    return rows


def _read(rows: list[ZoneRow], *, by_weight: bool) -> list[FreightZoneTerms] | None:
    """The zones; None when a figure cannot be read, with each row saying why."""
    zones = []
    for row in rows:
        if row.blank:
            continue
        zones.append(
            FreightZoneTerms(
                frozenset(row.regions),
                _units(row, row.first_units, by_weight=by_weight),
                _charge(row, row.first),
                _units(row, row.step_units, by_weight=by_weight),
                _charge(row, row.step),
            )
        )
    return None if any(row.errors for row in rows) else zones


def _units(row: ZoneRow, text: str, *, by_weight: bool) -> int:
    number = typed_number(text)
    whole, _point, part = number.partition(".")
    known = (whole + part).isascii() and (whole + part).isdecimal() and len(number) <= 10
    if known and by_weight and len(part) <= 3:
        return int(whole or "0") * GRAMS + int(part.ljust(3, "0"))
    if known and not by_weight and not part:
        return int(whole)
    row.errors.append(
        _("重量“%(text)s”读不懂，请写公斤数，最多三位小数。") % {"text": text}
        if by_weight
        else _("件数“%(text)s”不是整数。") % {"text": text}
    )
    return 0


def _charge(row: ZoneRow, text: str) -> Money:
    try:
        return Money.yuan(typed_number(text) or "x")
    except ValueError:
        row.errors.append(_("运费“%(text)s”读不懂，请写成 8.00 这样。") % {"text": text})
        return Money(0)
