"""The components: `{% load kit %}`, then one tag each. docs/web-kit.md has an example of every one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.forms.formsets import BaseFormSet
from django.forms.utils import flatatt
from django.template.context import Context
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pifa.kernel.errors import DomainError
from pifa.web.kit.formats import unit_text
from pifa.web.kit.icons import ICONS

register = template.Library()

BUTTON_KINDS = ("plain", "main", "quiet", "danger")
STATES = ("info", "ok", "warn", "bad")
TAG_KINDS = ("", "ok", "warn", "bad", "now", "line")
STEP_STATES = ("done", "now", "todo", "stopped")
STATE_ICONS = {"info": "info", "ok": "check-circle", "warn": "alert", "bad": "alert"}
MEDAL_TOP = 5


def _one_of(kind: str, kinds: Sequence[str], what: str) -> str:
    if kind not in kinds:
        raise template.TemplateSyntaxError(f"{what} is one of {', '.join(kinds)}, not {kind!r}")
    return kind


def _attributes(given: Mapping[str, Any]) -> SafeString:
    """hx_post="…" becomes hx-post="…"; True stands alone; False and None are left out."""
    named = {name.rstrip("_").replace("_", "-"): value for name, value in given.items()}
    return SafeString(flatatt({n: value for n, value in named.items() if value is not None}))


def _part(name: str, context: Mapping[str, Any]) -> SafeString:
    return SafeString(get_template(f"kit/tags/{name}.html").render(dict(context)))


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A line icon beside a word; hidden from screen readers. `size` is "s", "l" or nothing."""
    try:
        path = ICONS[name]
    except KeyError:
        raise template.TemplateSyntaxError(f"no icon {name!r}") from None
    classes = "icon" + (f" icon-{size}" if size else "")
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>', classes, path
    )


@register.inclusion_tag("kit/tags/button.html")
def button(
    label: str,
    kind: str = "plain",
    *,
    href: str = "",
    icon: str = "",
    size: str = "",
    wide: bool = False,
    icon_only: bool = False,
    type: str = "submit",
    confirm: str = "",
    dialog: str = "",
    disabled: bool = False,
    **attributes: Any,
) -> dict[str, Any]:
    """A button, or a link that looks like one (`href`). One `kind="main"` on a page."""
    _one_of(kind, BUTTON_KINDS, "kind")
    classes = ["btn"]
    if kind != "plain":
        classes.append(f"btn-{kind}")
    classes += [f"btn-{size}"] * bool(size) + ["btn-wide"] * wide + ["btn-icon"] * icon_only
    extra = {"data_confirm": confirm or None, "data_dialog": dialog or None, **attributes}
    return {
        "label": label,
        "href": f"#{dialog}" if dialog else href,
        "icon": icon,
        "icon_only": icon_only,
        "type": type,
        "classes": " ".join(classes),
        "disabled": disabled,
        "attributes": _attributes(extra),
    }


@register.inclusion_tag("kit/tags/field.html")
def field(
    bound: BoundField,
    *,
    label: str = "",
    help: str = "",
    unit: str = "",
    hide_label: bool = False,
    **attributes: Any,
) -> dict[str, Any]:
    """A form's field with its label, help and errors tied to it. `**attributes` go to the input."""
    widget = bound.field.widget
    identity = bound.auto_id or bound.html_name
    group = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    checkbox = isinstance(widget, CheckboxInput)
    help_text = help or bound.help_text
    described = [f"{identity}-help"] * bool(help_text) + [f"{identity}-error"] * bool(bound.errors)
    attrs: dict[str, Any] = {
        name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()
    }
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return {
        "bound": bound,
        "control": bound.as_widget(attrs=attrs),
        "id": identity,
        "label": label or bound.label,
        "help": help_text,
        "unit": unit,
        "hide_label": hide_label,
        "optional": not bound.field.required and not checkbox,
        "shape": "choices" if group else "check" if checkbox else "line",
    }


@register.inclusion_tag("kit/tags/file_drop.html")
def file_drop(
    bound: BoundField,
    *,
    help: str = "",
    **attributes: Any,
) -> dict[str, Any]:
    """A file field one can also drop a file on."""
    return field(bound, help=help, **attributes)


@register.inclusion_tag("kit/tags/form_errors.html")
def form_errors(*forms: BaseForm | BaseFormSet[Any] | DomainError | str | None) -> dict[str, Any]:
    """What was wrong, above the form, each line leading to its field. Takes a refusal too."""
    lines: list[tuple[str, str, str]] = []
    for form in forms:
        if isinstance(form, BaseForm):
            lines += [("", "", str(error)) for error in form.non_field_errors()]
            for bound in form:
                lines += [(bound.auto_id, str(bound.label), str(e)) for e in bound.errors]
        elif isinstance(form, BaseFormSet):
            lines += [("", "", str(error)) for error in form.non_form_errors()]
            for number, one in enumerate(form.forms, 1):
                for bound in one:
                    name = _("第{number}行 {field}").format(number=number, field=bound.label)
                    lines += [(bound.auto_id, name, str(e)) for e in bound.errors]
        elif form:
            lines.append(("", "", str(form)))
    return {"lines": lines}


@register.simple_block_tag
def card(
    content: str,
    title: str = "",
    *,
    href: str = "",
    link: str = "",
    flush: bool = False,
    id: str = "",
    level: int = 2,
) -> SafeString:
    """A framed part of a page. `href` with `link` is the way to more; `flush` for a table inside."""
    data = {"title": title, "href": href, "link": link, "flush": flush, "id": id, "level": level}
    return _part("card", {**data, "content": content})


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "") -> SafeString:
    """Something to know on this page: info, ok, warn or bad."""
    _one_of(kind, STATES, "kind")
    data = {"kind": kind, "title": title, "icon": STATE_ICONS[kind]}
    return _part("notice", {**data, "content": content})


@register.simple_block_tag
def dialog(content: str, id: str, title: str) -> SafeString:
    """A native dialog, opened by `{% button … dialog="id" %}`; without script by its address."""
    return _part("dialog", {"id": id, "title": title, "content": content})


@register.simple_block_tag
def table(
    content: str,
    label: str,
    *,
    keep: bool = False,
    scroll: bool = False,
    id: str = "",
) -> SafeString:
    """A dense table; rows become cards on a phone (`data-label` on each cell) unless `keep`."""
    data = {"label": label, "keep": keep, "scroll": scroll, "id": id}
    return _part("table", {**data, "content": content})


@register.simple_block_tag(takes_context=True)
def filterbar(
    context: Context, content: str, *, action: str = "", reset: str = "", target: str = ""
) -> SafeString:
    """A GET form that narrows a list down; `target` is an htmx target for doing it in place."""
    data = {"action": action, "reset": reset, "target": target}
    return _part("filterbar", {**data, "content": content})


@register.simple_block_tag
def bulkbar(content: str) -> SafeString:
    """Acts on ticked rows. Boxes: `<input type="checkbox" data-row …>`, one `data-all` in the head."""
    return _part("bulkbar", {"content": content})


@register.inclusion_tag("kit/tags/tabs.html")
def tabs(
    items: Sequence[tuple[str, str, int | None, bool]], label: str, *, most: int | None = None
) -> dict[str, Any]:
    """Links with counts: (label, url, count or None, whether it is the present one). Counts
    beyond `most` are told as *most+*."""
    return {"items": items, "label": label, "most": most}


@register.simple_tag
def tag(word: Any, kind: str = "") -> SafeString:
    """A state in a word: ok, warn, bad, now (inverted), line (outlined) or plain."""
    _one_of(kind, TAG_KINDS, "kind")
    return format_html('<span class="tag{}">{}</span>', f" tag-{kind}" if kind else "", word)


@register.inclusion_tag("kit/tags/medal.html")
def medal(level: int | None, *, large: bool = False) -> dict[str, Any]:
    """A trade medal, 1A to 5A; 0 or nothing is a shop without one."""
    step = level or 0
    if not 0 <= step <= MEDAL_TOP:
        raise template.TemplateSyntaxError(f"a medal is 0 to {MEDAL_TOP}, not {level}")
    pips = [(7 + index * 4, index < step) for index in range(MEDAL_TOP)]
    return {"level": step, "large": large, "pips": pips, "full": step == MEDAL_TOP}


@register.inclusion_tag("kit/tags/stepper.html")
def stepper(items: Sequence[tuple[str, Any, str]], label: str = "") -> dict[str, Any]:
    """The states of an order: (name, moment or words or None, done | now | todo | stopped)."""
    for _name, _moment, state in items:
        _one_of(state, STEP_STATES, "a step")
    return {"items": items, "label": label}


@register.inclusion_tag("kit/tags/timeline.html")
def timeline(items: Sequence[tuple[Any, str, str]]) -> dict[str, Any]:
    """What happened, latest first: (moment, what, detail)."""
    return {"items": items}


@register.inclusion_tag("kit/tags/empty.html")
def empty(
    title: str, text: str = "", *, icon: str = "box", action: str = "", href: str = ""
) -> dict[str, Any]:
    """Nothing here yet, and what to do first."""
    return {"title": title, "text": text, "icon": icon, "action": action, "href": href}


@register.inclusion_tag("kit/tags/breadcrumb.html")
def breadcrumb(items: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The way here: (label, url); the last is this page and needs no url."""
    return {"items": items}


@register.inclusion_tag("kit/tags/stat.html")
def stat(
    label: str, value: Any, note: str = "", *, href: str = "", state: str = "info"
) -> dict[str, Any]:
    """One figure to see at once, with a note that says whether it is good."""
    _one_of(state, STATES, "state")
    return {"label": label, "value": value, "note": note, "href": href, "state": state}


@register.inclusion_tag("kit/tags/pairs.html")
def pairs(items: Sequence[tuple[str, Any]], *, total: bool = False) -> dict[str, Any]:
    """Names and values. With `total` the values stand right and the last is the sum."""
    return {"items": items, "total": total}


@register.inclusion_tag("kit/tags/price_breaks.html")
def price_breaks(
    items: Sequence[tuple[int, Any]], unit: str = "", *, active: int | None = None
) -> dict[str, Any]:
    """Quantity price breaks: (from quantity, UnitPrice or e4); `active` is the quantity chosen."""
    reached = [start for start, _price in items if active is not None and start <= active]
    return {
        "items": items,
        "unit": unit_text(unit) if unit else "",
        "reached": max(reached, default=None),
    }


@register.inclusion_tag("kit/tags/quantity.html")
def quantity(
    name: str,
    value: int = 0,
    *,
    label: str,
    min: int = 0,
    max: int | None = None,
    step: int = 1,
    zero: bool = False,
    submit: bool = False,
    invalid: bool = False,
    **attributes: Any,
) -> dict[str, Any]:
    """How many, with − and +. `zero`: below the minimum there is only none.

    `submit` makes − and + send the form (without script too) as `step=<name>:<change>`, which
    `pifa.web.kit.quantities.apply_step` reads.
    """
    return {
        "name": name,
        "value": value,
        "label": label,
        "min": 0 if zero else min,
        "max": max,
        "step": step,
        "zero": zero,
        "submit": submit,
        "invalid": invalid,
        "attributes": _attributes({"data_min": min, **attributes}),
    }


@register.inclusion_tag("kit/tags/pictures.html")
def pictures(items: Sequence[tuple[str, str]], *, id: str = "picture") -> dict[str, Any]:
    """Pictures with thumbnails: (url, what it shows)."""
    return {"items": items, "id": id, "count": len(items)}


@register.inclusion_tag("kit/tags/offer_card.html")
def offer_card(
    *,
    title: str,
    url: str,
    price: Any,
    picture: str = "",
    upper_price: Any = None,
    unit: str = "",
    moq: int | None = None,
    place: str = "",
    seller: str = "",
    medal: int | None = None,
    tags: Sequence[str] = (),
) -> dict[str, Any]:
    """An offer in a list; `price` and `upper_price` are `UnitPrice` or e4."""
    return {
        "title": title,
        "url": url,
        "picture": picture,
        "price": price,
        "upper_price": upper_price if upper_price != price else None,
        "unit": unit_text(unit) if unit else "",
        "moq": moq,
        "place": place,
        "seller": seller,
        "medal_level": medal,
        "tags": tags,
    }


@register.inclusion_tag("kit/tags/skeleton.html")
def skeleton(lines: int = 3, *, tiles: int = 0) -> dict[str, Any]:
    """The shape of what is coming, seen only after 300 ms."""
    return {"lines": range(lines), "tiles": range(tiles)}


@register.inclusion_tag("kit/tags/copy.html")
def copy(text: str, shown: str = "") -> dict[str, Any]:
    """A number people carry elsewhere, with a button that copies it."""
    return {"text": text, "shown": shown or text}


@register.simple_tag
def nav_here(groups: Sequence[tuple[str, Sequence[tuple[str, str, Any, bool]]]]) -> str:
    """The label of the active link among a centre's navigation, or nothing."""
    return next((str(link[0]) for _title, links in groups for link in links if link[3]), "")
