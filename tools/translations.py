"""Keep the English translation complete: `python tools/translations.py --check | --add | --compile`.

The interface is written in Chinese; the source strings are the Chinese words themselves. English
stands in `src/pifa/<app>/locale/en/LC_MESSAGES/django.po`, beside the app that shows it.

--check    lists what is missing, empty, fuzzy, no longer used, translated in two ways, or loses a
           placeholder, and Chinese in templates and pages that nothing translates; exit code 1
--add      appends what is missing to the app's own file, with an empty translation
--compile  writes the .mo files that Django reads (not committed; the set-up calls this)

A string of one app may be translated in any app's file: Django merges them all. Words of parts that
are not ours, which their makers left in English, stand in Chinese beside the app that shows them,
below `locale/zh_Hans`: compiled here as well, held complete by that app's tests.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import polib

if TYPE_CHECKING:
    from babel.messages.extract import _Keyword

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "pifa"
CATALOGUE = Path("locale") / "en" / "LC_MESSAGES" / "django.po"
EVERY_CATALOGUE = "locale/*/LC_MESSAGES/django.po"
HOME_OF_THE_HOMELESS = "kernel"
"""The app that holds the strings of folders that are no Django app (command line, settings)."""

FACES = ("web", "api")
"""Folders whose Python speaks to people, so that bare Chinese in it is a string forgotten."""

FUNCTIONS: Mapping[str, _Keyword] = {
    "_": (1,),
    "gettext": (1,),
    "gettext_lazy": (1,),
    "gettext_noop": (1,),
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
CHINESE = re.compile(r"[\u3400-\u9fff]")
PERCENT = re.compile(r"%\((\w+)\)[#0\- +]*\d*(?:\.\d+)?[sdfrx]|%([sd])")
BRACE = re.compile(r"(?<!\{)\{(\w*)(?:[.\[][^{}:!]*)?(?:![rsa])?(?::[^{}]*)?\}(?!\})")
HTML_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
TEMPLATE_COMMENT = re.compile(r"{%\s*comment\b.*?{%\s*endcomment\s*%}", re.DOTALL)


class Key(NamedTuple):
    """What gettext looks a translation up by."""

    message: str
    context: str | None = None


@dataclass(frozen=True)
class Use:
    """A string in the source: where it stands, and its plural if it has one."""

    key: Key
    plural: str | None
    path: Path
    line: int


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to put right, as a compiler would print it."""

    path: Path
    line: int
    words: str

    def __str__(self) -> str:
        return f"{_short(self.path)}:{self.line}: {self.words}"


def main(arguments: list[str] | None = None, package: Path = PACKAGE) -> int:
    """Do what the arguments say; exit code 1 when a check finds something."""
    parser = argparse.ArgumentParser(description="Keep the English translation complete.")
    parser.add_argument("--check", action="store_true", help="list problems; exit code 1 if any")
    parser.add_argument("--add", action="store_true", help="append missing strings, empty")
    parser.add_argument("--compile", action="store_true", help="write the .mo files")
    options = parser.parse_args(arguments)
    if not (options.check or options.add or options.compile):
        parser.error("one of --check, --add, --compile")
    if options.add:
        for path, count in sorted(add_missing(package).items()):
            print(f"{_short(path)}: {count} to translate")
    if options.compile:
        compile_all(package)
    if options.check:
        problems = check(package)
        for problem in problems:
            print(problem)
        print(f"translations: {len(problems)} problems" if problems else "translations: complete")
        return 1 if problems else 0
    return 0


def check(package: Path) -> list[Problem]:
    """Every problem of the translation of a source tree, by place."""
    uses = list(extract(package))
    catalogues = list(_load(package))
    problems = [*_untranslated(uses, catalogues), *_bare_chinese(package)]
    used = {use.key for use in uses}
    plurals = {use.key: use.plural for use in uses if use.plural}
    for catalogue in catalogues:
        problems += _wrong_entries(catalogue, used, plurals)
    problems += _two_ways(catalogues)
    return sorted(set(problems))


def add_missing(package: Path) -> dict[Path, int]:
    """Append each missing string to its app's file; the number added, by file."""
    translated = {_key(entry) for _, file in _load(package) for entry in file}
    wanted: dict[Path, dict[Key, Use]] = {}
    for use in extract(package):
        if use.key not in translated:
            translated.add(use.key)
            wanted.setdefault(_catalogue_of(use.path, package), {})[use.key] = use
    for path, missing in wanted.items():
        file = polib.pofile(str(path), wrapwidth=100) if path.exists() else _new_catalogue()
        for use in missing.values():
            file.append(_empty_entry(use))
        path.parent.mkdir(parents=True, exist_ok=True)
        file.save(str(path))
    return {path: len(missing) for path, missing in wanted.items()}


def compile_all(package: Path = PACKAGE) -> list[Path]:
    """Write the .mo beside every .po that changed since; the files written."""
    written = []
    for source in sorted(package.rglob(EVERY_CATALOGUE)):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        fresh = target.with_suffix(".mo.new")
        polib.pofile(str(source)).save_as_mofile(str(fresh))
        fresh.replace(target)
        written.append(target)
    return written


def extract(package: Path) -> Iterator[Use]:
    """Every translatable string of a source tree's Python and templates."""
    for path in _python_files(package):
        yield from _extract_from(path.read_text(encoding="utf-8"), path)
    for path in _templates(package):
        from django.utils.translation.template import templatize

        # `templatize` adds lines to comments, and its Python keeps the indentation of the HTML.
        source = _blank(TEMPLATE_COMMENT, path.read_text(encoding="utf-8"))
        code = templatize(source, origin=str(path))
        yield from _extract_from("\n".join(line.lstrip() for line in code.split("\n")), path)


def _extract_from(code: str, path: Path) -> Iterator[Use]:
    from babel.messages.extract import extract as extract_messages

    for line, message, _, context in extract_messages(
        "python", io.BytesIO(code.encode()), FUNCTIONS
    ):
        first, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, None)
        if first:
            yield Use(Key(first, context), plural, path, line)


def _untranslated(
    uses: Iterable[Use], catalogues: Iterable[tuple[Path, polib.POFile]]
) -> Iterator[Problem]:
    known = {_key(entry) for _, file in catalogues for entry in file if not entry.obsolete}
    for use in uses:
        if use.key not in known:
            yield Problem(use.path, use.line, f"missing: {_quoted(use.key)}")


def _wrong_entries(
    catalogue: tuple[Path, polib.POFile], used: set[Key], plurals: Mapping[Key, str]
) -> Iterator[Problem]:
    path, file = catalogue
    seen: set[Key] = set()
    for entry in file:
        key = _key(entry)
        name = _quoted(key)
        line = entry.linenum or 1
        if entry.obsolete or key not in used:
            yield Problem(path, line, f"no longer used: {name}")
            continue
        if key in seen:
            yield Problem(path, line, f"twice in this file: {name}")
        seen.add(key)
        if "fuzzy" in entry.flags:
            yield Problem(path, line, f"fuzzy: {name}")
        if bool(plurals.get(key)) != bool(entry.msgid_plural):
            yield Problem(path, line, f"plural here or in the source, not in both: {name}")
        forms = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if not forms or not all(form.strip() for form in forms):
            yield Problem(path, line, f"empty: {name}")
            continue
        for form in forms:
            difference = _placeholder_difference(entry, form)
            if difference:
                yield Problem(path, line, f"{difference}: {name}")
        # A translator's comment may say why: the name of a language stays as it is.
        if any(CHINESE.search(form) for form in forms) and not entry.tcomment:
            yield Problem(path, line, f"Chinese in the English: {name}")


def _placeholder_difference(entry: polib.POEntry, form: str) -> str | None:
    wanted = _placeholders(entry.msgid)
    offered = wanted | _placeholders(entry.msgid_plural or "")
    there = _placeholders(form)
    unknown = sorted(there - offered)
    if unknown:
        return f"placeholder {', '.join(unknown)} not in the source"
    # One form of a plural may do without the figure: "One order", "{n} orders".
    lost = sorted(wanted - there) if not entry.msgid_plural else []
    return f"placeholder {', '.join(lost)} lost" if lost else None


def _placeholders(text: str) -> set[str]:
    found = {match[0] for match in PERCENT.finditer(text.replace("%%", ""))}
    return found | {f"{{{match[1]}}}" for match in BRACE.finditer(text)}


def _two_ways(catalogues: Iterable[tuple[Path, polib.POFile]]) -> Iterator[Problem]:
    first: dict[Key, tuple[Path, polib.POEntry]] = {}
    for path, file in catalogues:
        for entry in file:
            key = _key(entry)
            other_path, other = first.setdefault(key, (path, entry))
            if path != other_path and (other.msgstr, other.msgstr_plural) != (
                entry.msgstr,
                entry.msgstr_plural,
            ):
                yield Problem(
                    path,
                    entry.linenum or 1,
                    f"translated otherwise in {_short(other_path)}: {_quoted(key)}",
                )


def _bare_chinese(package: Path) -> Iterator[Problem]:
    for path in _templates(package):
        for line, text in _bare_in_template(path.read_text(encoding="utf-8")):
            yield Problem(path, line, f"Chinese that nothing translates: {text}")
    for path in _python_files(package):
        if path.relative_to(package).parts[0] in FACES:
            for line, text in _bare_in_python(path.read_text(encoding="utf-8")):
                yield Problem(path, line, f"Chinese that nothing translates: {text}")


def _bare_in_template(source: str) -> Iterator[tuple[int, str]]:
    from django.template.base import Lexer, TokenType

    source = _blank(TEMPLATE_COMMENT, _blank(HTML_COMMENT, source))
    inside: str | None = None
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK:
            word = token.contents.split(maxsplit=1)[0]
            if inside is None and word in ("blocktranslate", "blocktrans"):
                inside = f"end{word}"
            elif word == inside:
                inside = None
            if word in ("translate", "trans", "blocktranslate", "blocktrans"):
                continue
        if inside or token.token_type == TokenType.COMMENT:
            continue
        text = re.sub(r"""_\((["']).*?\1\)""", "", token.contents)
        for offset, line in enumerate(text.split("\n")):
            if CHINESE.search(line):
                yield (token.lineno or 1) + offset, line.strip()[:60]


def _bare_in_python(source: str) -> Iterator[tuple[int, str]]:
    tree = ast.parse(source)
    allowed: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in FUNCTIONS:
                allowed.update(ast.walk(node))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            allowed.add(node.value)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or node in allowed:
            continue
        if isinstance(node.value, str) and CHINESE.search(node.value):
            yield node.lineno, node.value.strip()[:60]


def _blank(pattern: re.Pattern[str], source: str) -> str:
    """Take out what matches, and keep its lines."""
    return pattern.sub(lambda match: "\n" * match[0].count("\n"), source)


def _python_files(package: Path) -> Iterator[Path]:
    return (path for path in sorted(package.rglob("*.py")) if "migrations" not in path.parts)


def _templates(package: Path) -> Iterator[Path]:
    return (
        path
        for path in sorted(package.rglob("templates/**/*"))
        if path.suffix in (".html", ".txt", ".xml", ".svg")
    )


def _catalogues(package: Path) -> list[Path]:
    return sorted(package.rglob(str(CATALOGUE)))


def _load(package: Path) -> Iterator[tuple[Path, polib.POFile]]:
    return ((path, polib.pofile(str(path))) for path in _catalogues(package))


def _catalogue_of(source: Path, package: Path) -> Path:
    for folder in source.parents:
        if folder == package:
            break
        if (folder / "apps.py").exists() or (folder / "locale").is_dir():
            return folder / CATALOGUE
    return package / HOME_OF_THE_HOMELESS / CATALOGUE


def _new_catalogue() -> polib.POFile:
    file = polib.POFile(wrapwidth=100)
    file.metadata = {
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    return file


def _empty_entry(use: Use) -> polib.POEntry:
    if use.plural is None:
        return polib.POEntry(msgid=use.key.message, msgctxt=use.key.context)
    return polib.POEntry(
        msgid=use.key.message,
        msgctxt=use.key.context,
        msgid_plural=use.plural,
        msgstr_plural={0: "", 1: ""},
    )


def _key(entry: polib.POEntry) -> Key:
    return Key(entry.msgid, entry.msgctxt)


def _quoted(key: Key) -> str:
    words = key.message.replace("\n", "\\n")
    words = words if len(words) <= 60 else f"{words[:59]}…"
    return f"“{words}”" + (f" ({key.context})" if key.context else "")


def _short(path: Path) -> Path:
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path


if __name__ == "__main__":
    sys.exit(main())
