"""客户档案: the list, one file, its form, its notes."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pifa.crm import commands, queries, words
from pifa.crm.queries import SORTS, FileView, Sort
from pifa.kernel import clock
from pifa.kernel.errors import DomainError, NotFound
from pifa.web.access import seller_page
from pifa.web.seller.crm.forms import FileForm, NoteForm
from pifa.web.seller.frame import CLERK, actor_on, show, whole_number
from pifa.web.shared.forms import attempt, typed_words

PAGE = 50


@seller_page()
def files(request: HttpRequest) -> HttpResponse:
    """The company's files, by what they paid, when they came last, or how likely they come."""
    actor = actor_on(request)
    commands.bring_up_to_day(actor)
    given = request.GET.get("sort", "")
    sort: Sort = given if given in SORTS else "amount"
    typed, tag = typed_words(request), request.GET.get("tag", "")[:40]
    keeper = whole_number(request.GET.get("keeper"), 0, 2**31) or None
    page = queries.files(
        actor,
        words=typed,
        tag=tag,
        keeper_id=keeper,
        sort=sort,
        cursor=request.GET.get("cursor"),
        size=PAGE,
    )
    kept = {"q": typed, "tag": tag, "keeper": keeper or ""}
    base = reverse("seller:files")
    names = {"amount": _("累计金额"), "last": _("最近进货"), "chance": _("最可能进货")}
    return show(
        request,
        "seller/files.html",
        rows=page.items,
        next=page.next_cursor,
        total=queries.count(actor, typed, tag, keeper),
        tabs=[
            (name, f"{base}?{urlencode({**kept, 'sort': key})}", None, key == sort)
            for key, name in names.items()
        ],
        sort=sort,
        words=typed,
        tag=tag,
        keeper=keeper,
        tags=queries.tags(actor),
        keepers=queries.keepers(actor),
        may_act=actor.has_role(CLERK),
    )


@seller_page()
def file(request: HttpRequest, file_id: int) -> HttpResponse:
    """One file with all that hangs on it."""
    actor = actor_on(request)
    view = queries.file(actor, file_id)
    if view.row.file.pk != file_id:
        return redirect("seller:file", view.row.file.pk)
    return _show(request, view, NoteForm())


@seller_page(CLERK)
@require_POST
def note(request: HttpRequest, file_id: int) -> HttpResponse:
    """Write a note into a file."""
    actor = actor_on(request)
    form = NoteForm(request.POST)
    done = form.is_valid() and (
        attempt(form, lambda: commands.add_note(actor, file_id, form.cleaned_data["note"]))
        is not None
    )
    if done:
        toasts.success(request, _("已记下。"))
        return redirect("seller:file", file_id)
    return _show(request, queries.file(actor, file_id), form, status=422)


@seller_page(CLERK)
def edit(request: HttpRequest, file_id: int) -> HttpResponse:
    """Change what a file says."""
    actor = actor_on(request)
    view = queries.file(actor, file_id)
    form = FileForm.of(request, view, queries.keepers(actor))
    done = form.is_valid() and (
        attempt(form, lambda: commands.change_file(actor, file_id, form.draft(view))) is not None
    )
    if done:
        toasts.success(request, _("已保存。"))
        return redirect("seller:file", file_id)
    status = 422 if request.method == "POST" else 200
    return show(request, "seller/file_form.html", status=status, form=form, view=view)


@seller_page(CLERK)
def new(request: HttpRequest) -> HttpResponse:
    """Note a new customer."""
    actor = actor_on(request)
    form = FileForm.of(request, None, queries.keepers(actor))
    if form.is_valid():
        made = attempt(
            form, lambda: commands.add_file(actor, form.draft(None), form.cleaned_data["code"])
        )
        if made:
            toasts.success(request, _("已建档。"))
            return redirect("seller:file", made.pk)
    status = 422 if request.method == "POST" else 200
    return show(request, "seller/file_form.html", status=status, form=form, view=None)


@seller_page(CLERK)
def duplicates(request: HttpRequest) -> HttpResponse:
    """Files that may be of one customer; merged here, and parted on the file's page."""
    actor = actor_on(request)
    found, many = queries.duplicates(actor)
    return show(
        request,
        "seller/duplicates.html",
        rows=[(pair, words.why_alike(pair.why)) for pair in found],
        many=many,
    )


@seller_page(CLERK)
@require_POST
def merge(request: HttpRequest) -> HttpResponse:
    """Merge one file into another."""
    gone = whole_number(request.POST.get("gone"), 0, 2**31)
    kept = whole_number(request.POST.get("kept"), 0, 2**31)
    try:
        done = commands.merge(actor_on(request), gone, kept)
    except NotFound:
        raise
    except DomainError as error:
        toasts.error(request, str(error))
        return redirect("seller:duplicates")
    toasts.success(
        request,
        _("“%(gone)s”已并入“%(kept)s”，可在档案里撤销。")
        % {"gone": done.gone.name, "kept": done.kept.name},
    )
    return redirect("seller:file", kept)


@seller_page(CLERK)
@require_POST
def undo(request: HttpRequest, merge_id: int) -> HttpResponse:
    """Take a merge back."""
    try:
        done = commands.undo_merge(actor_on(request), merge_id)
    except NotFound:
        raise
    except DomainError as error:
        toasts.error(request, str(error))
        return redirect("seller:files")
    toasts.success(request, _("合并已撤销，订单、备注和标签都回到原来的档案。"))
    return redirect("seller:file", done.kept_id)


def _show(
    request: HttpRequest, view: FileView, form: NoteForm, *, status: int = 200
) -> HttpResponse:
    actor, today = actor_on(request), clock.today()
    figures, row = view.row.figures, view.row.file
    return show(
        request,
        "seller/file.html",
        status=status,
        view=view,
        file=row,
        figures=figures,
        usage=f"{row.daily_usage:,}{row.usage_unit}" if row.daily_usage else "",
        why=words.why_due(row, figures, today) if figures.last_day else "",
        form=form,
        may_act=actor.has_role(CLERK),
    )
