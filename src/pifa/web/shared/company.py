"""The company's own data and its verification."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pifa.kernel.actors import Role
from pifa.parties import commands, queries
from pifa.parties.models import Verification
from pifa.parties.rules import mask_document
from pifa.web.access import PageRequest
from pifa.web.shared.centre import Centre, actor_on
from pifa.web.shared.forms import attempt, phone_input
from pifa.web.shared.regions import region_choices, region_name

LICENCE_BYTES = 8 * 1024 * 1024


class ProfileForm(forms.Form):
    """How the company calls itself and where it is found."""

    name = forms.CharField(label=_("企业名称"), max_length=120)
    region = forms.ChoiceField(label=_("省份"), choices=region_choices)
    city = forms.CharField(label=_("城市"), max_length=60)
    phone = forms.CharField(label=_("电话"), max_length=30, required=False, widget=phone_input())


class VerificationForm(forms.Form):
    """What operators need to verify who a company is."""

    kind = forms.ChoiceField(
        label=_("认证类型"),
        choices=Verification.Kind.choices,
        widget=forms.RadioSelect,
        initial=Verification.Kind.ENTERPRISE,
    )
    legal_name = forms.CharField(
        label=_("主体名称"), max_length=120, help_text=_("与营业执照或身份证上的名称一致。")
    )
    licence_no = forms.CharField(
        label=_("证件号码"),
        max_length=30,
        help_text=_("企业填统一社会信用代码，个人填身份证号，都是 18 位。"),
    )
    representative = forms.CharField(
        label=_("法定代表人"),
        max_length=60,
        required=False,
        help_text=_("开通网商银行账户时要核对。"),
    )
    document = forms.FileField(
        label=_("证件照片"),
        required=False,
        help_text=_(
            "企业认证必须上传营业执照照片，JPG、PNG 或 WebP，不超过 8 MB；只有您和审核人员能看到。"
        ),
    )

    def clean_document(self) -> bytes | None:
        """The picture's bytes, as far as they are worth looking at."""
        given = self.cleaned_data.get("document")
        if not given:
            return None
        if given.size > LICENCE_BYTES:
            raise forms.ValidationError(_("照片超过 8 MB，请缩小后再上传。"))
        content: bytes = given.read()
        return content


def company(request: HttpRequest, centre: Centre) -> HttpResponse:
    """The company's data; owners may change it."""
    actor = actor_on(request)
    member = cast(PageRequest, request).member
    assert member is not None
    row = member.company
    may_change = actor.has_role(Role.OWNER)
    form = ProfileForm(
        request.POST or None,
        initial={"name": row.name, "region": row.region, "city": row.city, "phone": row.phone},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        attempt(form, lambda: commands.change_profile(actor, **data))
        if not form.errors:
            toasts.success(request, gettext("企业资料已保存。"))
            return redirect(centre.url("company"))
    return centre.show(
        request,
        "shared/company.html",
        company=row,
        region_name=region_name(row.region),
        others=[one for one in queries.memberships(actor.user_id or 0) if one.pk != member.pk],
        form=form,
        may_change=may_change,
    )


def verification(request: HttpRequest, centre: Centre) -> HttpResponse:
    """Submit a verification, and how earlier ones fared."""
    actor = actor_on(request)
    earlier = queries.verifications(actor, actor.company_id or 0)
    waiting = any(row.state == Verification.State.SUBMITTED for row in earlier)
    form = VerificationForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        sent = attempt(form, lambda: commands.submit_verification(actor, **data))
        if sent:
            toasts.success(request, gettext("认证已提交，审核结果会通知您。"))
            return redirect(centre.url("verification"))
    return centre.show(
        request,
        "shared/verification.html",
        form=form,
        waiting=waiting,
        may_submit=actor.has_role(Role.OWNER),
        earlier=[(row, mask_document(row.licence_no)) for row in earlier],
    )


def licence(request: HttpRequest, centre: Centre, verification_id: int) -> HttpResponse:
    """The picture of a licence, for its own company."""
    content = queries.licence_of(actor_on(request), verification_id)
    kind = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    if content[8:12] == b"WEBP":
        kind = "image/webp"
    answer = HttpResponse(content, content_type=kind)
    answer["Cache-Control"] = "private, no-store"
    return answer
