"""What page authors rely on: each component's promises in its markup."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from pifa.kernel.money import Money, UnitPrice


def shown(source: str, **context: Any) -> str:
    """A template with everything of the kit loaded, rendered."""
    return Template("{% load i18n kit pifa charts paging %}" + source).render(Context(context))


class PhoneForm(forms.Form):
    phone = forms.CharField(label="手机号", help_text="只用于送货", min_length=11)
    note = forms.CharField(label="留言", required=False)


def test_a_button_with_an_address_is_a_link() -> None:
    assert shown('{% button "去看货" href="/goods/" %}').strip() == (
        '<a class="btn" href="/goods/">去看货</a>'
    )


def test_a_disabled_button_is_no_link_that_can_be_followed() -> None:
    html = shown('{% button "下单" href="/order/" disabled=True %}')
    assert "<a " not in html
    assert " disabled>" in html


def test_attributes_for_htmx_get_their_dashes_and_are_escaped() -> None:
    html = shown('{% button "改价" hx_post=url data_x=nothing %}', url='/a/"><b>', nothing=None)
    assert 'hx-post="/a/&quot;&gt;&lt;b&gt;"' in html
    assert "data-x" not in html


def test_what_a_person_typed_is_escaped_everywhere() -> None:
    evil = "<script>alert(1)</script>"
    html = shown(
        "{% tag evil %}{% button evil %}{% stat evil evil evil %}{% pairs pairs %}"
        "{% timeline happened %}{% copy evil %}{% empty evil evil %}{% breadcrumb crumbs %}"
        "{% card evil %}{{ evil }}{% endcard %}{% notice 'bad' evil %}{{ evil }}{% endnotice %}"
        "{% bar_chart evil data %}{% sparkline figures evil %}{% tabs tabs evil %}"
        "{% offer_card title=evil url='/' price=1 seller=evil %}{% form_errors evil %}"
        "{% heat_strip evil data %}{% progress evil 1 2 words=evil %}{% stepper steps evil %}",
        evil=evil,
        pairs=[(evil, evil)],
        happened=[(evil, evil, evil)],
        crumbs=[(evil, "")],
        data=[(evil, 1)],
        figures=[1, 2],
        tabs=[(evil, "#", 1, True)],
        steps=[(evil, evil, "now")],
    )
    assert "<script" not in html
    assert html.count("&lt;script&gt;") > 20


@pytest.mark.parametrize(
    "wrong",
    [
        '{% button "x" kind="loud" %}',
        '{% tag "x" "loud" %}',
        '{% notice "loud" %}{% endnotice %}',
        '{% icon "unicorn" %}',
        "{% medal 6 %}",
        "{% stepper steps %}",
    ],
)
def test_a_typo_is_seen_at_once(wrong: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        shown(wrong, steps=[("付款", None, "maybe")])


def test_a_field_ties_its_words_to_its_input() -> None:
    form = PhoneForm({"phone": "12"})
    html = shown("{% field form.phone inputmode='tel' %}", form=form)
    assert '<label class="field-label" for="id_phone">手机号</label>' in html
    assert 'aria-describedby="id_phone-help id_phone-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'inputmode="tel"' in html
    assert 'id="id_phone-help">只用于送货<' in html
    assert 'id="id_phone-error"' in html
    assert 'value="12"' in html


def test_what_may_be_left_out_is_marked() -> None:
    form = PhoneForm()
    assert "选填" in shown("{% field form.note %}", form=form)
    assert "选填" not in shown("{% field form.phone %}", form=form)


def test_the_summary_leads_to_each_wrong_field() -> None:
    form = PhoneForm({})
    form.add_error(None, "两次填写不一致")
    html = shown("{% form_errors form %}", form=form)
    assert 'href="#id_phone"' in html
    assert "有 2 处需要修改" in html
    assert "两次填写不一致" in html
    assert shown("{% form_errors form %}", form=PhoneForm()).strip() == ""


def test_the_reached_price_break_is_the_highest_not_above_the_quantity() -> None:
    breaks = [(100, UnitPrice(3500)), (1000, UnitPrice(3100)), (10_000, UnitPrice(2900))]
    html = shown("{% price_breaks breaks '件' active=999 %}", breaks=breaks)
    assert 'data-active data-from="100"' in html
    assert html.count("data-active") == 1
    assert "≥ 1,000件" in html
    assert "data-active" not in shown("{% price_breaks breaks '件' active=99 %}", breaks=breaks)


def test_a_quantity_sends_its_step_without_script_when_asked() -> None:
    html = shown('{% quantity "sku_1" 1200 label="M8" min=100 step=100 max=5000 submit=True %}')
    assert 'value="1200" min="100" max="5000" step="100"' in html
    assert 'name="step" value="sku_1:-100"' in html
    assert 'name="step" value="sku_1:100"' in html


def test_progress_says_in_words_what_is_missing() -> None:
    html = shown(
        '{% progress "销售" have want format="money" %}',
        have=Money(15_380_000),
        want=Money(20_000_000),
    )
    assert "还差 ¥46,200.00" in html
    assert 'width="76.9"' in html
    reached = shown('{% progress "买家" 6 4 %}')
    assert "已达成" in reached
    assert 'class="progress-fill" width="100"' in reached


def test_a_chart_has_its_figures_behind_it() -> None:
    html = shown(
        '{% bar_chart "销售" data format="money" target=goal %}',
        data=[("3/1", Money(100_00)), ("3/2", Money(250_00))],
        goal=Money(200_00),
    )
    assert '<th scope="row">3/2</th><td class="num">¥250.00</td>' in html
    assert "目标 ¥200.00" in html
    assert html.count("<rect") == 2


def test_a_part_of_each_bar_stands_at_its_foot_and_in_the_figures() -> None:
    html = shown(
        '{% bar_chart "买家" data format="qty" part=part part_label="其中老买家" note="按月" %}',
        data=[("3月", 25), ("4月", 10)],
        part=[5, 10],
    )
    feet = re.findall(r'chart-bar-part" x="[^"]*" y="([^"]*)"[^>]*height="([^"]*)"', html)
    assert feet == [("80", "20"), ("60", "40")]
    assert "25 (其中老买家 5)" in html
    assert "其中老买家</span> · 按月" in html


def test_a_sum_on_its_way_has_its_figures_and_says_where_it_leads() -> None:
    html = shown(
        '{% pace_chart "累计" data many=10 target=100000 projected=80000 ends=ends format="money" %}',
        data=[("3月1日", 10_000), ("3月2日", 16_000)],
        ends=("3月1日", "3月10日"),
    )
    assert '<th scope="row">3月2日</th><td class="num">¥160.00</td>' in html
    assert "按目前节奏 ¥800.00" in html
    assert 'class="chart-ahead" points="20,84 100,20"' in html


def test_marks_stand_between_bars() -> None:
    html = shown('{% bar_chart "每小时" data marks=marks %}', data=[("0", 1)] * 4, marks=[2])
    assert 'class="chart-mark" x1="50"' in html


def test_a_standing_lists_only_its_changes() -> None:
    html = shown(
        '{% step_chart "勋章" data levels=levels %}',
        data=[("03-01", 0), ("03-02", 0), ("03-03", 2), ("03-04", 2)],
        levels=["无", "1A", "2A"],
    )
    assert html.count('<th scope="row">') == 2
    assert '<th scope="row">03-03</th><td class="num">2A</td>' in html


def test_a_small_line_is_said_in_words() -> None:
    html = shown('{% sparkline values "销售" format="money" %}', values=[Money(100), Money(300)])
    assert 'aria-label="销售：最近 ¥3.00，最低 ¥1.00，最高 ¥3.00"' in html
    assert "—" in shown('{% sparkline values "销售" %}', values=[])


def test_pages_keep_the_other_parameters_of_the_address() -> None:
    request = RequestFactory().get("/orders/", {"q": "螺栓", "page": "3"})
    html = shown("{% pagination page %}", request=request, page=Paginator(range(200), 20).page(3))
    assert "?q=%E8%9E%BA%E6%A0%93&amp;page=4" in html
    assert '<span aria-current="page">3</span>' in html
    assert "共 200 项" in html


def test_cursor_pages_lead_back_to_the_latest() -> None:
    request = RequestFactory().get("/orders/", {"q": "a", "cursor": "m"})
    html = shown("{% cursor_pages previous='k' next='p' %}", request=request)
    assert 'href="?q=a&amp;cursor=p" rel="next"' in html
    assert 'href="?q=a"' in html
    assert shown("{% cursor_pages %}", request=request).strip() == ""


def test_an_offer_shows_where_its_price_begins_and_from_how_many() -> None:
    html = shown(
        "{% offer_card title='螺栓' url='/offer/1/' price=low upper_price=high unit='件' moq=100 medal=3 %}",
        low=UnitPrice(2900),
        high=UnitPrice(3500),
    )
    assert "¥0.29" in html
    assert "¥0.35" in html
    assert "100件起批" in html
    assert "交易勋章 3A" in html
