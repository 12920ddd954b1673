"""What a company bought by a link before it had an account joins its history, by a code."""

from __future__ import annotations

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.trade.invitations import commands
from pifa.web.access import buyer_page
from pifa.web.buyer.centre import CENTRE
from pifa.web.shared.centre import actor_on
from pifa.web.shared.forms import attempt
from pifa.web.shared.invitations import CLAIM


class CodeForm(forms.Form):
    """The code from the page after payment."""

    code = forms.CharField(
        label=gettext_lazy("认领码"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=gettext_lazy("付款成功页上的 16 位认领码。"),
    )


@buyer_page
def take_over(request: HttpRequest) -> HttpResponse:
    """Type the code (or have it from the page before) and take the orders over."""
    form = CodeForm(request.POST or None, initial={"code": request.session.get(CLAIM, "")})
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        taken = attempt(form, lambda: commands.take_over(actor_on(request), code))
        if taken is not None:
            request.session.pop(CLAIM, None)
            toasts.success(request, _("已放进贵企业的采购记录，可以在这里收货和申请退款。"))
            return redirect("buyer:order", taken[0])
    status = 422 if form.errors else 200
    return CENTRE.show(request, "buyer/take_over.html", status=status, form=form)
