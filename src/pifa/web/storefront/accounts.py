"""Signing in and out, signing up as a company, choosing the company one acts for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from pifa.kernel.errors import DomainError
from pifa.parties import commands as parties
from pifa.parties import queries as people
from pifa.web.access import COMPANY_KEY, buyer_page
from pifa.web.shared.invitations import CLAIM
from pifa.web.shared.regions import region_choices


class SignInForm(AuthenticationForm):
    """User name and password, in our words."""

    error_messages = {
        "invalid_login": _("用户名或密码不对，请检查大小写后再试。"),
        "inactive": _("这个账号已停用，请联系企业的主账号。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("用户名")
        self.fields["password"].label = _("密码")


class SignIn(LoginView):
    """The sign-in page; operators go to their console."""

    template_name = "storefront/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        user = self.request.user
        if user.is_staff and not people.member_for(user.pk, None):
            return reverse("admin:index")
        return reverse("storefront:home")


class SignOut(LogoutView):
    """Signing out, by POST only."""


class SignUpForm(forms.Form):
    """A company and the person who opens its account."""

    company_name = forms.CharField(
        label=_("企业名称"), max_length=120, help_text=_("与营业执照一致，方便以后认证和开票。")
    )
    login = forms.CharField(
        label=_("会员名"), max_length=40, help_text=_("别人在市场上看到的名字，注册后不能更改。")
    )
    region = forms.ChoiceField(label=_("省份"), choices=region_choices, initial="33")
    city = forms.CharField(label=_("城市"), max_length=60)
    person_name = forms.CharField(label=_("您的姓名"), max_length=60)
    mobile = forms.CharField(
        label=_("手机"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    email = forms.EmailField(label=_("邮箱"), help_text=_("用来接收订单通知，可以随时关闭。"))
    username = forms.CharField(
        label=_("用户名"), max_length=60, widget=forms.TextInput({"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("密码"),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("至少 8 位，不要用常见密码。"),
    )


def sign_up(request: HttpRequest) -> HttpResponse:
    """Open an account for a company and sign its first owner in."""
    if request.user.is_authenticated:
        return redirect("storefront:home")
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            member = parties.sign_up(**form.cleaned_data)
        except DomainError as error:
            field = error.field if error.field in form.fields else None
            form.add_error(field, str(error))
        else:
            login(request, member.user, backend="django.contrib.auth.backends.ModelBackend")
            request.session[COMPANY_KEY] = member.company_id
            # Who bought by a link before goes on to take its order over.
            return redirect("buyer:take_over" if CLAIM in request.session else "storefront:welcome")
    return render(request, "storefront/sign_up.html", {"form": form})


@buyer_page
def welcome(request: HttpRequest) -> HttpResponse:
    """What to do first, for a company that has just signed up."""
    return render(request, "storefront/welcome.html")


@require_POST
@buyer_page
def choose_company(request: HttpRequest) -> HttpResponse:
    """Act for another company one belongs to; a stranger's company changes nothing."""
    wanted = request.POST.get("company", "")
    own = {str(member.company_id) for member in people.memberships(request.user.pk or 0)}
    if wanted in own:
        request.session[COMPANY_KEY] = int(wanted)
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    return redirect(back if safe else "storefront:home")
