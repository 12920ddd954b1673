"""`pifa explain`: why a company stands where it stands."""

from __future__ import annotations

import json
from datetime import datetime

import click

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("company")
@click.option("--day", type=_DAY, help="The day of the rating (default: today).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--language", type=click.Choice(["zh-hans", "en"]), default="zh-hans")
def group(company: str, day: datetime | None, as_json: bool, language: str) -> None:
    """What holds, what is missing and by how much, and when it changes by itself.

    COMPANY is its login name, the user name of a member, or an id.
    """
    from django.utils import translation

    from pifa.kernel.actors import SYSTEM
    from pifa.kernel.errors import DomainError
    from pifa.parties.models import Company
    from pifa.standing import queries, wording

    row = Company.objects.filter(login=company).first()
    row = row or Company.objects.filter(members__user__username=company).order_by("pk").first()
    if row is None and company.isdecimal():
        row = Company.objects.filter(pk=int(company)).first()
    if row is None:
        raise click.ClickException(f"There is no company {company}.")
    with translation.override(language):
        try:
            told = queries.explain(SYSTEM, row.pk, day.date() if day else None)
        except DomainError as error:
            raise click.ClickException(str(error)) from error
        if as_json:
            click.echo(json.dumps(wording.as_data(told), ensure_ascii=False, indent=2))
            return
        click.echo(f"{row.name}  {row.login}  {told.day}")
        for story in told.stories:
            click.echo(f"\n{wording.ladder_name(story)}: {wording.step_words(story.held)}")
            for line in story.conditions:
                mark = "✓" if line.view.holds else "✗"
                words = [wording.condition_words(line), wording.value_words(line)]
                if missing := wording.missing_words(line):
                    words.append(missing)
                click.echo(f"  {mark} {wording.step_words(story.next)}: {'  '.join(words)}")
            if change := wording.change_words(story):
                click.echo(f"  → {change}")
