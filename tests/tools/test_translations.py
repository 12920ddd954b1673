"""The translation checker, on a source tree of two small apps."""

from __future__ import annotations

import gettext
from pathlib import Path

import polib
import pytest

from tools import translations

PYTHON = '''
from django.utils.translation import gettext_lazy as _, ngettext, pgettext

REFUSED = _("库存不足："
            "还剩 {left} 件")

def words(n: int) -> str:
    """不译的说明。"""
    return ngettext("共 %(n)s 件", "共 %(n)s 件", n) + pgettext("动作", "打开")
'''
TEMPLATE = """{% load i18n %}{# 注释 #}
    {% comment %}也是注释{% endcomment %}
  <!-- 网页注释 -->
<h1>{% translate "进货单" %}</h1>
{% if offers %}
  {% blocktranslate trimmed with name=offer.name %}
    请看 {{ name }}
  {% endblocktranslate %}
{% endif %}
{% include "x.html" with label=_("保存") %}
"""
ENGLISH = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "库存不足：还剩 {left} 件"
msgstr "Not enough in stock: {left} left"

msgid "共 %(n)s 件"
msgid_plural "共 %(n)s 件"
msgstr[0] "One piece"
msgstr[1] "%(n)s pieces"

msgctxt "动作"
msgid "打开"
msgstr "Open"

msgid "进货单"
msgstr "Purchase list"

msgid "请看 %(name)s"
msgstr "See %(name)s"

msgid "保存"
msgstr "Save"
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Two apps, both complete: all translations stand in the first."""
    for app in ("trade", "web"):
        (tmp_path / app).mkdir()
        (tmp_path / app / "apps.py").touch()
    (tmp_path / "trade" / "errors.py").write_text(PYTHON, encoding="utf-8")
    pages = tmp_path / "web" / "templates" / "web"
    pages.mkdir(parents=True)
    (pages / "list.html").write_text(TEMPLATE, encoding="utf-8")
    catalogue = tmp_path / "trade" / translations.CATALOGUE
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(ENGLISH, encoding="utf-8")
    return tmp_path


def _change(package: Path, old: str, new: str) -> None:
    catalogue = package / "trade" / translations.CATALOGUE
    text = catalogue.read_text(encoding="utf-8")
    assert old in text
    catalogue.write_text(text.replace(old, new), encoding="utf-8")


def _problems(package: Path) -> list[str]:
    return [f"{it.path.name}:{it.line}: {it.words}" for it in translations.check(package)]


def test_a_complete_translation_has_no_problem(
    package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _problems(package) == []
    assert translations.main(["--check"], package) == 0
    assert capsys.readouterr().out == "translations: complete\n"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('msgid "进货单"\nmsgstr "Purchase list"\n', "", "list.html:4: missing: “进货单”"),
        ('msgstr "Purchase list"', 'msgstr " "', "django.po:17: empty: “进货单”"),
        ('msgid "进货单"', '#, fuzzy\nmsgid "进货单"', "django.po:17: fuzzy: “进货单”"),
        ('msgstr[0] "One piece"', 'msgstr[0] ""', "django.po:8: empty: “共 %(n)s 件”"),
        (
            '"See %(name)s"',
            '"See it"',
            "django.po:20: placeholder %(name)s lost: “请看 %(name)s”",
        ),
        (
            "{left} left",
            "{rest} left",
            "django.po:5: placeholder {rest} not in the source: “库存不足：还剩 {left} 件”",
        ),
        ('"Save"', '"保存"', "django.po:23: Chinese in the English: “保存”"),
        ('msgctxt "动作"\n', "", "errors.py:9: missing: “打开” (动作)"),
    ],
)
def test_each_fault_is_told_with_its_place(package: Path, old: str, new: str, problem: str) -> None:
    _change(package, old, new)
    assert problem in _problems(package)
    assert translations.main(["--check"], package) == 1


def test_what_the_source_no_longer_says_is_told(package: Path) -> None:
    (package / "trade" / "errors.py").write_text("", encoding="utf-8")
    assert [line.split(": ", 1)[1] for line in _problems(package)] == [
        "no longer used: “库存不足：还剩 {left} 件”",
        "no longer used: “共 %(n)s 件”",
        "no longer used: “打开” (动作)",
    ]


def test_one_word_translated_in_two_ways_is_told(package: Path) -> None:
    other = package / "web" / translations.CATALOGUE
    other.parent.mkdir(parents=True)
    other.write_text('msgid "保存"\nmsgstr "Keep"\n', encoding="utf-8")
    assert len(_problems(package)) == 1
    assert "translated otherwise in" in _problems(package)[0]


def test_chinese_outside_a_translation_is_told_on_pages_only(package: Path) -> None:
    page = package / "web" / "templates" / "web" / "list.html"
    page.write_text(TEMPLATE + '<p title="价格">{{ x|default:"无" }}</p>\n', encoding="utf-8")
    (package / "web" / "views.py").write_text('"""说明。"""\nTITLE = "标题"\n', encoding="utf-8")
    (package / "trade" / "columns.py").write_text('COLUMN = "订单号"\n', encoding="utf-8")
    assert _problems(package) == [
        'list.html:11: Chinese that nothing translates: <p title="价格">',
        'list.html:11: Chinese that nothing translates: x|default:"无"',
        "views.py:2: Chinese that nothing translates: 标题",
    ]


def test_missing_strings_are_added_to_their_own_app(
    package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _change(package, 'msgid "进货单"\nmsgstr "Purchase list"\n', "")
    _change(package, 'msgctxt "动作"\nmsgid "打开"\nmsgstr "Open"\n', "")
    (package / "settings.py").write_text('NAME = _("市场")\n', encoding="utf-8")
    assert translations.main(["--add"], package) == 0
    assert capsys.readouterr().out.count("1 to translate") == 3
    added = {
        app: [(entry.msgid, entry.msgctxt, entry.msgstr) for entry in polib.pofile(str(path))][-1]
        for app in ("trade", "web", translations.HOME_OF_THE_HOMELESS)
        for path in [package / app / translations.CATALOGUE]
    }
    assert added == {
        "trade": ("打开", "动作", ""),
        "web": ("进货单", None, ""),
        translations.HOME_OF_THE_HOMELESS: ("市场", None, ""),
    }
    assert translations.add_missing(package) == {}


def test_compiled_files_are_those_gettext_reads_and_only_changes_are_compiled(
    package: Path,
) -> None:
    written = translations.compile_all(package)
    assert [path.name for path in written] == ["django.mo"]
    with written[0].open("rb") as file:
        english = gettext.GNUTranslations(file)
    assert english.gettext("进货单") == "Purchase list"
    assert english.pgettext("动作", "打开") == "Open"
    assert translations.compile_all(package) == []
