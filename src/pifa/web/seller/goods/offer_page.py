"""An offer's form: words, pictures, SKUs and prices; saved, then handed in for review."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pifa.catalog import commands
from pifa.catalog import queries as catalog
from pifa.catalog.models import Offer
from pifa.catalog.problems import Problem, Unacceptable
from pifa.catalog.queries import CategoryNode, StoredOffer
from pifa.catalog.rules import MAX_PICTURES, OfferDraft, StagedPlan
from pifa.catalog.states import OFFER
from pifa.kernel.errors import DomainError, Forbidden, NotFound
from pifa.web.access import seller_page
from pifa.web.seller.frame import CLERK, actor_on, show, whole_number
from pifa.web.seller.goods import staged
from pifa.web.seller.goods.listing import STATE_KINDS
from pifa.web.seller.goods.staged import StagedForm
from pifa.web.seller.goods.typed import Grid, pairs_text, read_pairs
from pifa.web.seller.uploads import Upload

UNIT = Offer._meta.get_field("unit").get_default()


class OfferForm(forms.Form):
    """An offer's words and terms; SKUs stand in the grid below."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=120)
    code = forms.CharField(
        label=gettext_lazy("货号"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("本店内不重复；不填则自动编号。"),
    )
    category = forms.TypedChoiceField(label=gettext_lazy("所属类目"), coerce=int)
    unit = forms.CharField(
        label=gettext_lazy("单位"),
        max_length=10,
        initial=Offer._meta.get_field("unit").get_default(),
    )
    moq = forms.IntegerField(label=gettext_lazy("起批量"), min_value=1, initial=1)
    multiple = forms.IntegerField(
        label=gettext_lazy("倍数"),
        min_value=1,
        initial=1,
        help_text=gettext_lazy("各规格合计须是它的整数倍。"),
    )
    freight_template = forms.TypedChoiceField(
        label=gettext_lazy("运费模板"), coerce=int, empty_value=None, required=False
    )
    scene = forms.ChoiceField(label=gettext_lazy("供货方式"), choices=Offer.Scene.choices)
    visibility = forms.ChoiceField(label=gettext_lazy("谁能看到"), choices=Offer.Visibility.choices)
    attributes = forms.CharField(
        label=gettext_lazy("规格参数"),
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("一行一项，例如“材质：304不锈钢”。可以从表格里复制两列粘贴。"),
    )
    description = forms.CharField(
        label=gettext_lazy("详情"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea({"rows": 8}),
    )
    title_en = forms.CharField(label=gettext_lazy("英文标题"), max_length=200, required=False)

    def __init__(self, *args: Any, templates: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["category"].choices = [
            ("", _("请选择")),
            *((top.label, leaves(top)) for top in catalog.categories().top),
        ]
        fields["freight_template"].choices = [("", _("卖家包邮，不收运费")), *templates]


def leaves(top: CategoryNode) -> list[tuple[int, str]]:
    """The categories an offer may be in: the lowest ones, or the top-level one alone."""
    return [(node.id, node.label) for node in top.walk() if not node.children]


@dataclass(slots=True)
class _Page:
    """What the form shows: its fields, its grid, its pictures, what was wrong."""

    form: OfferForm
    grid: Grid
    picture_ids: list[int]
    stored: StoredOffer | None
    staged: StagedForm
    problems: list[str] = field(default_factory=list)


@seller_page(CLERK)
def offer_new(request: HttpRequest) -> HttpResponse:
    """A new offer: saved as a draft, or handed in at once."""
    return _offer(request, None)


@seller_page(CLERK)
def offer(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Change an offer of the company."""
    return _offer(request, catalog.own_offer(actor_on(request), offer_id))


@seller_page(CLERK)
@require_POST
def offer_act(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Submit, withdraw, put online, take offline: one offer."""
    verbs: dict[str, tuple[Any, Any]] = {
        "submit": (commands.submit_offer, gettext_lazy("已提交审核，结果会发通知。")),
        "list_privately": (commands.list_privately, gettext_lazy("已上架，只有您的客户看得到。")),
        "withdraw": (commands.withdraw_offer, gettext_lazy("已撤回，回到草稿。")),
        "put_online": (commands.put_online, gettext_lazy("已上架。")),
        "take_offline": (commands.take_offline, gettext_lazy("已下架，买家看不到了。")),
    }
    name = request.POST.get("act", "")
    if name not in verbs:
        raise NotFound()
    command, said = verbs[name]
    try:
        command(actor_on(request), offer_id)
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        _complain(request, error)
    else:
        messages.success(request, str(said))
    return redirect("seller:offer", offer_id=offer_id)


def _offer(request: HttpRequest, stored: StoredOffer | None) -> HttpResponse:
    templates = [
        (terms.template_id, terms.name) for terms in catalog.freight_templates(actor_on(request))
    ]
    if request.method != "POST":
        default = None if stored else catalog.default_plan(actor_on(request))
        return _show(request, _blank(stored, templates, default))
    page = _typed(request, stored, templates)
    name = request.POST.get("act", "save")
    if name == "spread":
        page.grid.spread()
    elif name == "add_tier":
        page.grid.add_tier()
    elif not page.problems:
        saved = _save(request, page)
        if saved is not None:
            return _after(request, saved, submit=name == "submit")
    status = 200 if name in ("spread", "add_tier") and not page.problems else 422
    return _show(request, page, status)


def _blank(
    stored: StoredOffer | None, templates: list[tuple[int, str]], default: StagedPlan | None
) -> _Page:
    if stored is None:
        begun = StagedForm(initial=staged.initial(default), prefix="staged")
        return _Page(OfferForm(templates=templates), Grid(), [], None, begun)
    draft = stored.draft
    initial = {
        "title": draft.title,
        "code": draft.code,
        "category": draft.category_id,
        "unit": draft.unit,
        "moq": draft.moq,
        "multiple": draft.multiple,
        "freight_template": draft.freight_template_id,
        "scene": draft.scene,
        "visibility": draft.visibility,
        "attributes": pairs_text(draft.attributes),
        "description": draft.description,
        "title_en": draft.title_en,
    }
    return _Page(
        OfferForm(initial=initial, templates=templates),
        Grid.of(draft.skus, stored.reserved),
        list(draft.picture_ids),
        stored,
        StagedForm(initial=staged.initial(draft.staged), prefix="staged"),
    )


def _typed(
    request: HttpRequest, stored: StoredOffer | None, templates: list[tuple[int, str]]
) -> _Page:
    form = OfferForm(request.POST, templates=templates)
    grid = Grid.typed(request.POST, stored.reserved if stored else {})
    page = _Page(form, grid, [], stored, StagedForm(request.POST, prefix="staged"))
    page.picture_ids = _kept_pictures(request)
    for file in request.FILES.getlist("pictures"):
        _take_picture(request, page, file)
    return page


def _kept_pictures(request: HttpRequest) -> list[int]:
    """Pictures of the form in the order asked for, without those ticked to go."""
    gone = set(request.POST.getlist("picture_gone"))
    kept = [text for text in request.POST.getlist("picture") if text not in gone]
    places = {
        text: whole_number(request.POST.get(f"picture_place-{text}"), 99, 99) for text in kept
    }
    ordered = sorted(dict.fromkeys(kept), key=lambda text: places[text])
    return [key for text in ordered if (key := whole_number(text, 0, 2**31))]


def _take_picture(request: HttpRequest, page: _Page, file: Upload) -> None:
    """Store an uploaded picture at once, so that it is kept whatever else is wrong."""
    if len(page.picture_ids) >= MAX_PICTURES:
        page.problems.append(
            _("最多 %(limit)d 张图片，“%(name)s”没有加上。")
            % {"limit": MAX_PICTURES, "name": file.name}
        )
        return
    try:
        picture_id = commands.add_picture(actor_on(request), file.read())
    except DomainError as error:
        page.problems.append(f"{file.name}: {error}")
        return
    if picture_id not in page.picture_ids:
        page.picture_ids.append(picture_id)


def _save(request: HttpRequest, page: _Page) -> int | None:
    """Save the draft; its id, or None with every complaint where it belongs."""
    skus = page.grid.drafts()
    if not page.staged.is_valid() or not page.form.is_valid() or skus is None:
        return None
    data = page.form.cleaned_data
    draft = OfferDraft(
        code=data["code"],
        title=data["title"],
        category_id=data["category"],
        skus=skus,
        unit=data["unit"],
        moq=data["moq"],
        multiple=data["multiple"],
        title_en=data["title_en"],
        description=data["description"],
        attributes=read_pairs(data["attributes"]),
        picture_ids=tuple(page.picture_ids),
        freight_template_id=data["freight_template"],
        visibility=data["visibility"],
        scene=data["scene"],
        staged=page.staged.plan(),
    )
    try:
        saved = commands.save_offer(
            actor_on(request), draft, page.stored.id if page.stored else None
        )
        if page.staged.cleaned_data["as_default"]:
            commands.set_default_plan(actor_on(request), draft.staged)
        return saved
    except Unacceptable as error:
        for problem in error.problems:
            _blame(page, problem)
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        page.problems.append(str(error))
    return None


def _blame(page: _Page, problem: Problem) -> None:
    """A problem goes to its cell, else to its field, else to the head of the page."""
    name = problem.field or ""
    if problem.sku is not None and page.grid.blame(problem.sku, name, str(problem)):
        return
    if name == "staged":
        page.staged.add_error("way", str(problem))
    elif name in page.form.fields:
        page.form.add_error(name, str(problem))
    else:
        page.problems.append(f"{problem.field_label} {problem}")


def _after(request: HttpRequest, offer_id: int, *, submit: bool) -> HttpResponse:
    if not submit:
        messages.success(request, _("货品已保存。"))
        return redirect("seller:offer", offer_id=offer_id)
    try:
        commands.submit_offer(actor_on(request), offer_id)
    except DomainError as error:
        messages.info(request, _("货品已保存为草稿，还不能提交审核："))
        _complain(request, error)
        return redirect("seller:offer", offer_id=offer_id)
    messages.success(request, _("货品已提交审核，结果会发通知。"))
    return redirect("seller:goods")


def _complain(request: HttpRequest, error: DomainError) -> None:
    for line in str(error).splitlines():
        messages.error(request, line)


def _show(request: HttpRequest, page: _Page, status: int = 200) -> HttpResponse:
    stored = page.stored
    state = Offer.State(stored.state) if stored else Offer.State.DRAFT
    pictures = catalog.own_pictures(actor_on(request), page.picture_ids)
    return show(
        request,
        "seller/offer.html",
        status=status,
        form=page.form,
        staged=page.staged,
        grid=page.grid,
        names=[name for name in page.grid.names if name],
        dimensions=list(zip(page.grid.names, page.grid.values, strict=True)),
        problems=[*page.problems, *page.grid.errors],
        wrong_rows=[row for row in page.grid.rows if row.errors],
        pictures=[(key, pictures[key]) for key in page.picture_ids if key in pictures],
        stored=stored,
        state=state,
        state_kind=STATE_KINDS.get(state, ""),
        verbs=set(OFFER.verbs(stored.state, "seller")) if stored else {"submit"},
        may_submit=stored is None or "submit" in OFFER.verbs(stored.state, "seller"),
    )
