"""`pifa docs`: the pages of `docs/` that are drawn from the code."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import click

from pifa.kernel.states import StateTable, Transition

PACKAGE = Path(__file__).resolve().parent.parent
NOTE = "<!-- Drawn from the code by `pifa docs`; `pifa docs --check` fails when it is behind. -->\n"


@click.command("docs")
@click.option("--check", is_flag=True, help="write nothing; fail if a page is behind the code")
def group(check: bool) -> None:
    """Draw docs/states.md and the flows in docs/money.md and docs/loans.md from the state tables, and
    docs/floors.md from the import contracts."""
    root = repository()
    behind = [
        name for name, draw in PAGES.items() if not _is_current(root / "docs" / name, draw(), check)
    ]
    for name in behind:
        click.echo(f"docs/{name}: " + ("behind the code, run `pifa docs`" if check else "written"))
    if check and behind:
        raise SystemExit(1)
    if not behind:
        click.echo("docs: in step with the code")


def repository() -> Path:
    """The folder of the source checkout; the pages are not part of an installed package."""
    for folder in (Path.cwd(), *PACKAGE.parents):
        if (folder / "pyproject.toml").exists() and (folder / "src" / "pifa").is_dir():
            return folder
    raise click.ClickException("run this inside a checkout of the source (pyproject.toml, src/)")


def states_page() -> str:
    """`docs/states.md`: every state table as a diagram and as a table of verbs."""
    from django.utils import translation

    parts = [
        "# States\n",
        NOTE,
        "Each table stands in its app's `states.py`. Commands refuse a verb that the table does",
        "not allow, pages show a button for each one it does.\n",
        "*market* acts by itself: a deadline passed, or money came or went.",
        "A state called `before_…` means: back to where the subject came from.\n",
    ]
    with translation.override(None):
        for app, table in state_tables():
            parts.append(f"## {table.name} (`{app}/states.py`)\n")
            parts.append("```mermaid\n" + table.mermaid() + "\n```\n")
            parts.append("| state | in words |\n| --- | --- |")
            parts += [f"| `{state}` | {label} |" for state, label in table.states.items()]
            parts.append("\n| verb | in words | from | to | who | announces |")
            parts.append("| --- | --- | --- | --- | --- | --- |")
            parts += [_verb_row(item) for item in table.transitions]
            parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def state_tables() -> list[tuple[str, StateTable]]:
    """Every state table of every app and of the rooms within it, in the order of its file."""
    found: list[tuple[str, StateTable]] = []
    for source in sorted(PACKAGE.rglob("states.py"), key=lambda path: path.parent.parts):
        room = source.parent.relative_to(PACKAGE)
        module = import_module(".".join(("pifa", *room.parts, "states")))
        tables = [value for value in vars(module).values() if isinstance(value, StateTable)]
        found += [(room.as_posix(), table) for table in tables]
    return found


def floors_page() -> str:
    """`docs/floors.md`: the floors as the import contract in pyproject.toml states them."""
    with (repository() / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    layers: list[str] = next(item for item in contracts if item["id"] == "floors")["layers"]
    parts = [
        "# Floors\n",
        NOTE,
        "An app imports only from floors below its own; `make check` holds it (import-linter).",
        "Apps on one floor know nothing of each other. Apps in brackets are planned.\n",
        "```",
    ]
    parts += [f"{len(layers) - index:>2}  {layer}" for index, layer in enumerate(layers)]
    parts += ["```\n", "| app | what it is for |", "| --- | --- |"]
    apps = [app.strip() for layer in layers for app in layer.split("|")]
    parts += [f"| `{app}` | {_purpose(app)} |" for app in apps if not app.startswith("(")]
    parts.append("\n## Other import contracts\n")
    parts += [
        f"- **{item['id']}**: {item['name']}." for item in contracts if item["id"] != "floors"
    ]
    return "\n".join(parts).rstrip() + "\n"


_FLOW = re.compile(r"(<!-- flow: ([^>]+) -->\n).*?(<!-- end of flow -->)", re.DOTALL)


def money_page() -> str:
    """`docs/money.md`: written by hand, but for the flows that its marks ask for."""
    return _with_flows("money.md")


def loans_page() -> str:
    """`docs/loans.md`: the same."""
    return _with_flows("loans.md")


def _with_flows(name: str) -> str:
    tables = {table.name: table for _app, table in state_tables()}

    def drawn(mark: re.Match[str]) -> str:
        table, _between, states = mark[2].partition(": ")
        flow = tables[table].mermaid(states.split(", ") if states else ())
        return f"{mark[1]}```mermaid\n{flow}\n```\n{mark[3]}"

    page = (repository() / "docs" / name).read_text("utf-8")
    return _FLOW.sub(drawn, page)


PAGES: dict[str, Callable[[], str]] = {
    "states.md": states_page,
    "floors.md": floors_page,
    "money.md": money_page,
    "loans.md": loans_page,
}


def _verb_row(item: Transition) -> str:
    sources = ", ".join(f"`{source}`" for source in item.sources)
    target = f"`{item.target}`" if item.target else "where it came from"
    emits = f"`{item.emits}`" if item.emits else ""
    who = ", ".join(item.by)
    return f"| `{item.verb}` | {item.label} | {sources} | {target} | {who} | {emits} |"


def _purpose(app: str) -> str:
    source = PACKAGE / app / "__init__.py"
    text = ast.get_docstring(ast.parse(source.read_text("utf-8"))) if source.exists() else None
    paragraph = (text or "").split("\n\n")[0]
    return " ".join(paragraph.split())


def _is_current(path: Path, text: str, check: bool) -> bool:
    if path.exists() and path.read_text("utf-8") == text:
        return True
    if not check:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return False
