"""What a person at the terminal sees while the market is built and when it opens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from pifa.demo import setting

STAGES: dict[str, tuple[str, int]] = {
    "migrate": ("Preparing the database", 2),
    "companies": ("Companies sign up", 20),
    "plan": ("Inventing goods and trade", 2),
    "goods": ("Shops open with their goods", 12),
    "history": ("Six months of trade", 34),
    "late": ("The days before the opening", 10),
    "lake": ("The facts of every day", 6),
    "rating": ("Everybody's standing", 10),
    "season": ("A season of the programme", 2),
    "check": ("Proving the books", 2),
}
"""Stages in their order: words, and their share of the whole in percent."""


@contextmanager
def bar() -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar over all stages; give it a stage, how far, and of how much."""
    with Progress(
        TextColumn("{task.description:<40}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    ) as shown:  # fmt: skip
        task = shown.add_task("", total=100)

        def tell(stage: str, done: int, of: int) -> None:
            words, share = STAGES[stage]
            names = list(STAGES)
            before = sum(STAGES[name][1] for name in names[: names.index(stage)])
            shown.update(task, description=words, completed=before + share * done / max(of, 1))

        yield tell
        shown.update(task, description="The market is ready", completed=100)


def invitation(address: str, port: int) -> None:
    """Print where the market is and one login each for a buyer, a seller and an operator."""
    host = f"[{address}]" if ":" in address else address
    site = f"http://{host}:{port}"
    table = Table(title=f"The demo market  {site}/", title_justify="left")
    for heading in ("who", "address", "login", "password"):
        table.add_column(heading, no_wrap=True)
    for who, path, login in (
        ("buyer 买家", "/buyer/", setting.BUYER),
        ("seller 卖家", "/seller/", setting.SELLER),
        ("operator 小二", "/console/", setting.OPERATOR),
    ):
        table.add_row(who, f"{site}{path}", login, setting.PASSWORD)
    console = Console()
    console.print(table)
    console.print(
        "Every other company's owner signs in by the company's login (会员名), same password."
        "\nStop with Ctrl-C; the market's clock stands still meanwhile."
    )
