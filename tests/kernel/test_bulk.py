"""The one-statement insert writes the rows that the plain ORM would."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from pifa.kernel import bulk
from pifa.kernel.models import Deadline, IdempotencyKey, OutboxEvent
from pifa.parties.models import Company

MOMENT = datetime(2026, 3, 2, 1, 0, 0, 123456, tzinfo=UTC)

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
ids = st.none() | st.integers(-(2**63), 2**63 - 1)
plain = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | words
documents = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3)
)


def stored(model: type[models.Model]) -> list[tuple[Any, ...]]:
    """All rows without their ids, as the ORM reads them, in the order they were written."""
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    return list(model._default_manager.order_by("pk").values_list(*names))


def assert_twins(model: type[models.Model], rows: list[dict[str, Any]]) -> None:
    """Both ways of writing leave the same rows, also for the database's own NULL."""
    nullable = [field.attname for field in model._meta.concrete_fields if field.null]

    def written() -> tuple[list[tuple[Any, ...]], list[int]]:
        nulls = [model._default_manager.filter(**{f"{name}__isnull": True}) for name in nullable]
        return stored(model), [rows.count() for rows in nulls]

    model._default_manager.bulk_create([model(**row) for row in rows])
    plain_way = written()
    model._default_manager.all()._raw_delete(using="default")
    found = bulk.insert(model, rows)
    assert written() == plain_way
    in_order = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
    assert found == in_order


class TestTwins(TestCase):
    @settings(max_examples=30)
    @given(
        st.lists(
            st.fixed_dictionaries(
                {
                    "scope": words,
                    "fingerprint": words,
                    "status": st.none() | st.integers(0, 32767),
                    "body": documents,
                    "created_at": moments,
                }
            ),
            max_size=4,
        )
    )
    def test_text_numbers_moments_and_documents(self, rows: list[dict[str, Any]]) -> None:
        keyed = [{**row, "key": str(place)} for place, row in enumerate(rows)]
        assert_twins(IdempotencyKey, keyed)

    @settings(max_examples=20)
    @given(st.lists(st.fixed_dictionaries({"due_at": moments, "done_at": st.none() | moments})))
    def test_defaults_of_fields_that_were_not_named(self, rows: list[dict[str, Any]]) -> None:
        keyed = [{**row, "kind": "k", "subject": str(place)} for place, row in enumerate(rows)]
        assert_twins(Deadline, keyed)


@pytest.mark.django_db
class TestInsert:
    def test_dates_truth_values_and_defaults(self) -> None:
        assert_twins(
            Company,
            [
                {
                    "name": f"企业 {number}",
                    "login": f"c{number}",
                    "region": "33",
                    "city": "义乌",
                    "is_seller": number % 2 == 0,
                    "member_since": date(2026, 3, 2) if number else None,
                    "created_at": MOMENT + timedelta(days=number),
                }
                for number in range(3)
            ],
        )

    def test_thousands_of_rows_cost_one_statement(self, django_assert_num_queries: Any) -> None:
        rows = [{"kind": "k", "subject": f"s{number}", "due_at": MOMENT} for number in range(3000)]
        with django_assert_num_queries(1):
            found = bulk.insert(Deadline, rows)
        subjects = Deadline.objects.in_bulk(found)
        assert [subjects[pk].subject for pk in found] == [row["subject"] for row in rows]

    def test_nothing_costs_nothing(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0):
            assert bulk.insert(Deadline, []) == []

    def test_what_is_there_already_is_passed_over_when_asked(self) -> None:
        def rows(*subjects: str) -> list[dict[str, Any]]:
            return [{"kind": "k", "subject": subject, "due_at": MOMENT} for subject in subjects]

        bulk.insert(Deadline, rows("a", "b"))
        assert len(bulk.insert(Deadline, rows("b", "c"), ignore_conflicts=True)) == 1
        assert Deadline.objects.count() == 3
        with pytest.raises(IntegrityError), transaction.atomic():
            bulk.insert(Deadline, rows("c"))

    def test_rows_that_name_different_fields_are_refused(self) -> None:
        with pytest.raises(ValueError, match="different names"):
            bulk.insert(
                Deadline,
                [
                    {"kind": "k", "subject": "a", "due_at": MOMENT},
                    {"kind": "k", "subject": "b", "due_at": MOMENT, "done_at": MOMENT},
                ],
            )
        assert not Deadline.objects.exists()

    def test_a_document_that_may_not_be_missing_is_not_written_without(self) -> None:
        row = {"name": "n", "payload": None, "happened_at": MOMENT}
        with pytest.raises(IntegrityError), transaction.atomic():
            bulk.insert(OutboxEvent, [row])


def test_every_field_of_the_markets_tables_can_be_written() -> None:
    """A new kind of field must be taught here before a hot write meets it in production."""
    for model in apps.get_models():
        if not model.__module__.startswith("pifa."):
            continue
        for field in model._meta.concrete_fields:
            plain_kind = field.get_internal_type() in ("FileField", "EmailField", "SlugField")
            if not plain_kind:
                assert bulk._postgres_type(field), f"{model.__name__}.{field.name}"
