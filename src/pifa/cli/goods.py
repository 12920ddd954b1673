"""`pifa goods`: a seller's goods from a sheet, and out to one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import click
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from pifa.catalog import goods_sheet
from pifa.catalog.goods_sheet import GoodsReport
from pifa.kernel.actors import Actor, ActorKind
from pifa.kernel.errors import DomainError
from pifa.kernel.sheets import PictureFolder, PictureSource, open_picture_zip
from pifa.parties import queries as parties

ERRORS_SHOWN = 10


@click.group(help="Bring goods in from a sheet, or write them out.")
def group() -> None:
    pass


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--seller", required=True, help="The seller's login.")
@click.option(
    "--pictures",
    type=click.Path(exists=True, path_type=Path),
    help="A folder or a zip with the pictures that the sheet names.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--submit", is_flag=True, help="Hand new offers in for review.")
@click.option(
    "--rejected",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where refused rows are written (default: beside FILE).",
)
def import_(
    file: Path,
    seller: str,
    pictures: Path | None,
    dry_run: bool,
    submit: bool,
    rejected: Path | None,
) -> None:
    """Create and change offers and SKUs as FILE (.xlsx or .csv) says."""
    with _plainly():
        actor = _actor(seller)
        source = _source(pictures)
        with goods_sheet.open_goods_sheet(file) as sheet, _bar() as bar:
            task = bar.add_task("Rows", total=None)

            def tell(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)

            if dry_run:
                report = goods_sheet.preview(actor, sheet, source, tell)
            else:
                report = goods_sheet.bring_in(actor, sheet, source, submit=submit, on_progress=tell)
    _tell(report, dry_run=dry_run, submit=submit)
    if report.errors:
        target = rejected or file.with_name(f"{file.stem}-rejected.csv")
        count = goods_sheet.write_rejected(report, target)
        click.echo(f"{count:,} refused rows, to be mended and sent again: {target}")
        raise SystemExit(1)


@group.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--seller", required=True, help="The seller's login.")
def export(file: Path, seller: str) -> None:
    """Write a seller's goods to FILE (.xlsx or .csv); it can be imported again."""
    kind: Literal["xlsx", "csv"] = "csv" if file.suffix.lower() == ".csv" else "xlsx"
    with _plainly(), file.open("wb") as target:
        count = goods_sheet.export(_actor(seller), target, kind)
    click.echo(f"{count:,} SKUs: {file}")


@group.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def sample(file: Path) -> None:
    """Write an empty sheet with the columns and one row of example to FILE (.xlsx)."""
    with file.open("wb") as target:
        goods_sheet.write_sample(target)
    click.echo(str(file))


def _actor(seller: str) -> Actor:
    company = parties.company_by_login(seller)
    if not company.is_seller:
        raise click.ClickException(f"{seller!r} is not a seller")
    return Actor(ActorKind.SYSTEM, company_id=company.id)


def _source(pictures: Path | None) -> PictureSource | None:
    if pictures is None:
        return None
    return PictureFolder(pictures) if pictures.is_dir() else open_picture_zip(pictures)


def _tell(report: GoodsReport, *, dry_run: bool, submit: bool) -> None:
    """The figures, and the first refusals."""
    click.echo(
        f"{report.rows:,} rows. Offers: {report.created:,} {'to create' if dry_run else 'created'},"
        f" {report.changed:,} {'to change' if dry_run else 'changed'},"
        f" {report.unchanged:,} unchanged, {report.refused:,} refused."
        f" SKUs: {report.skus_created:,} new, {report.skus_changed:,} changed."
    )
    if submit:
        click.echo(
            f"{report.submitted:,} offers handed in for review,"
            f" {report.not_submitted:,} drafts cannot be yet"
        )
    if report.unknown_headers:
        click.echo(f"columns not used: {', '.join(report.unknown_headers)}")
    for error in report.errors[:ERRORS_SHOWN]:
        click.echo(f"  {error}")
    if len(report.errors) > ERRORS_SHOWN:
        click.echo(f"  … and {len(report.errors) - ERRORS_SHOWN:,} more")


@contextmanager
def _plainly() -> Iterator[None]:
    """Refusals as one line instead of a trace."""
    try:
        yield
    except DomainError as error:
        raise click.ClickException(str(error)) from error


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.completed:,.0f}"),
        TimeElapsedColumn(),
        transient=True,
    )
