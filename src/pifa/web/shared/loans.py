"""Loans: how much, at which rate, why; a calculator; drawing, repaying, the coupon."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from pifa.finance.loans import commands, queries, words
from pifa.finance.loans.commands.applying import Wish
from pifa.finance.partner_bank import queries as banks
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError, Forbidden, NotFound
from pifa.kernel.money import Money, total
from pifa.standing import wording
from pifa.web.shared.bank import password_field, sign
from pifa.web.shared.centre import Centre, actor_on
from pifa.web.shared.figures import MoneyField
from pifa.web.shared.forms import attempt
from pifa.web.shared.standing import row_of


class WishForm(forms.Form):
    """How much, for how long, paid back how."""

    amount = MoneyField(label=_("贷款金额"))
    months = forms.TypedChoiceField(
        label=_("期限"), coerce=int, choices=((6, _("6 个月")), (12, _("12 个月")))
    )
    method = forms.ChoiceField(label=_("还款方式"), choices=tuple(words.METHODS.items()))
    basis = forms.ChoiceField(
        label=_("计息天数"),
        choices=[(code, words.BASES[code]) for code in ("30/360", "actual/360")],
    )

    def wish(self) -> Wish:
        """In the words of the commands."""
        data = self.cleaned_data
        return Wish(data["amount"], data["months"], data["method"], data["basis"])


class SignForm(forms.Form):
    """The payment password."""

    password = password_field(_("支付密码"))


class PartForm(SignForm):
    """How much of the principal comes early."""

    amount = MoneyField(label=_("提前还本金"))
    field_order = ("amount", "password")


def loans(request: HttpRequest, centre: Centre) -> HttpResponse:
    """The offer with its reasons, the calculator, and what was applied for; a POST applies."""
    actor = actor_on(request)
    offer = queries.loan_offer(actor)
    account = banks.account(actor)
    calculates = "amount" in request.GET
    data = request.POST if request.method == "POST" else request.GET if calculates else None
    start = min(offer.free, Money(100_000_00)) or offer.terms.least
    form = WishForm(data, initial={"amount": start, "months": 12, "method": "equal-principal"})
    rows: tuple[Any, ...] = ()
    if data is not None and form.is_valid():
        wish = form.wish()
        if request.method == "POST":
            made = attempt(form, lambda: commands.apply_for_loan(actor, wish))
            if made is not None:
                return redirect(centre.url("loan", made.number))
        elif offer.step is not None:
            rows = attempt(form, lambda: _calculated(wish, offer)) or ()
    return centre.show(
        request,
        "shared/loans.html",
        status=422 if form.errors else 200,
        offer=offer,
        account=account,
        form=form,
        rows=rows,
        too_much=bool(rows) and form.cleaned_data["amount"] > offer.free,
        interest=total(row.interest for row in rows),
        payment=total(row.payment for row in rows),
        held=[row_of(line) for line in offer.story.kept],
        needs=[row_of(line) for line in offer.story.conditions],
        change=wording.change_words(offer.story),
        loans=queries.loans(actor),
    )


def _calculated(wish: Wish, offer: queries.LoanOffer) -> tuple[Any, ...]:
    commands.check_wish(wish)
    return queries.loan_schedule(wish.amount, wish.months, wish.method, wish.basis, offer.daily)


@sensitive_post_parameters()
def loan(request: HttpRequest, number: str, centre: Centre) -> HttpResponse:
    """One loan: what was decided, its instalments, repaying early; a POST does what `act` says."""
    actor = actor_on(request)
    found = queries.loan(actor, number)
    act = request.POST.get("act", "")
    post = request.POST if request.method == "POST" else None
    draw = SignForm(post if act == "draw" else None)
    whole = SignForm(post if act == "whole" else None, prefix="whole")
    # What was tried is what comes, unless it is typed anew.
    tried = {"amount": request.GET.get("early", "")}
    part = PartForm(post if act == "part" else None, prefix="part", initial=tried)
    form = {"draw": draw, "whole": whole, "part": part}.get(act)
    if request.method == "POST" and _act(request, actor, number, act, form):
        return redirect(centre.url("loan", number))
    runs = found.loan.state in queries.RUNS
    return centre.show(
        request,
        "shared/loan.html",
        status=422 if form is not None and form.errors else 200,
        found=found,
        loan=found.loan,
        terms=queries.terms_today(),
        runs=runs,
        planned=_planned(found.loan) if found.loan.state == "approved" else (),
        cost=queries.whole_cost(actor, number) if runs else None,
        draw_form=draw,
        whole_form=whole,
        part_form=part,
        preview=_preview(request, actor, number) if runs else None,
        preview_amount=request.GET.get("early", ""),
    )


def _act(
    request: HttpRequest, actor: Actor, number: str, act: str, form: forms.Form | None
) -> bool:
    """Do what was asked; whether it was done and the page is to be shown anew."""
    if form is None:
        try:
            level, said = _without_password(actor, number, act)
        except (NotFound, Forbidden):
            raise
        except DomainError as error:
            toasts.error(request, str(error))
            return True
        toasts.add_message(request, level, said)
        return True
    if not form.is_valid():
        return False
    if act == "draw":
        sign(actor, form, lambda token: commands.draw_loan(actor, number, token))
        said = gettext("已放款到网商银行账户。")
    elif act == "whole":
        sign(actor, form, lambda token: commands.repay_whole(actor, number, token))
        said = gettext("已提前还清。")
    else:
        amount = form.cleaned_data["amount"]
        sign(actor, form, lambda token: commands.repay_part(actor, number, amount, token))
        said = gettext("已提前还本，后面各期已重新计算。")
    if form.errors:
        return False
    toasts.success(request, said)
    return True


def _without_password(actor: Actor, number: str, act: str) -> tuple[int, str]:
    if act == "coupon":
        commands.ask_coupon(actor, number)
        return toasts.SUCCESS, gettext("红包已领取，下周一发放。")
    due = queries.loan(actor, number).loan.due
    left = commands.repay_due(actor, number)
    if not left:
        return toasts.SUCCESS, gettext("到期款已还清。")
    if left == due:
        said = gettext("网商银行账户里没有余额，没有扣款。请先转入 {left}。")
        return toasts.ERROR, said.format(left=left)
    said = gettext("已扣账户里的余额，还差 {left}，请先转入。")
    return toasts.WARNING, said.format(left=left)


def _planned(row: queries.LoanView) -> tuple[Any, ...]:
    return queries.loan_schedule(row.amount, row.months, row.method, row.basis, row.daily_rate)


def _preview(request: HttpRequest, actor: Actor, number: str) -> dict[str, Any] | None:
    """The coming instalments if the amount of the address came today; or why not."""
    text = request.GET.get("early", "")
    if not text:
        return None
    try:
        amount = MoneyField().clean(text)
        rows = queries.part_preview(actor, number, amount)
    except forms.ValidationError as error:
        return {"error": " ".join(error.messages)}
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        return {"error": str(error)}
    return {"amount": amount, "rows": rows, "interest": total(row.interest for row in rows)}
