"""`pifa import orders`: bring a seller's past trade in."""

from __future__ import annotations

import shutil
from pathlib import Path

import click
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from pifa.kernel.errors import DomainError
from pifa.parties.models import Company
from pifa.trade.models import ImportBatch
from pifa.trade.past import mapping as mappings
from pifa.trade.past.commands import import_file

LABELS = {"read": "Reading rows", "write": "Writing orders", "match": "Matching cancellations"}
REJECTED_SHOWN = 5


@click.group(help="Bring a seller's past trade in.")
def group() -> None:
    pass


@group.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--seller", required=True, help="The seller's 会员名 (login).")
@click.option(
    "--mapping",
    "mapping_name",
    default="order-sheet",
    show_default=True,
    help=f"A named column mapping ({', '.join(mappings.builtin_names())}) or a TOML file.",
)
@click.option("--rejected", type=click.Path(path_type=Path), help="Where to put rejected rows.")
def orders(file: Path, seller: str, mapping_name: str, rejected: Path | None) -> None:
    """Import FILE (.xlsx, .csv, .csv.gz) as declared orders of a seller.

    Imported twice it changes nothing; interrupted and run again it ends the same.
    """
    company = Company.objects.filter(login=seller, is_seller=True).first()
    if company is None:
        raise click.ClickException(f"there is no seller with the login {seller!r}")
    try:
        batch = _import(company.pk, file, mapping_name)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        raise click.ClickException("stopped; run it again and it goes on from there") from None
    _tell(batch, rejected)


def _import(seller_id: int, file: Path, mapping_name: str) -> ImportBatch:
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.completed:,.0f}"),
        TimeElapsedColumn(),
    ) as bar:
        tasks = {key: bar.add_task(label, total=None) for key, label in LABELS.items()}

        def tell(what: str, done: int, estimate: int) -> None:
            bar.update(tasks[what], completed=done, total=estimate or None)

        mapping = mappings.load(mapping_name)
        batch = import_file(seller_id, file, mapping, progress=tell)
        for task in tasks.values():
            done = max(bar.tasks[task].completed, 1)
            bar.update(task, total=done, completed=done)
        return batch


def _tell(batch: ImportBatch, rejected: Path | None) -> None:
    click.echo(
        f"{batch.orders_new:,} orders with {batch.lines_new:,} lines are new, "
        f"{batch.orders_known:,} were known; {batch.customers_new:,} new customers; "
        f"{batch.rejected:,} rows rejected, {batch.warnings:,} warnings"
    )
    for row in batch.rejections.order_by("is_warning", "id")[:REJECTED_SHOWN]:
        click.echo(f"  {row.row}: {row.field} {row.reason} → {row.remedy}")
    if batch.rejected_file:
        if rejected:
            shutil.copyfile(batch.rejected_file.path, rejected)
        click.echo(f"rejected rows: {rejected or batch.rejected_file.path}")
