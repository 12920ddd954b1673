"""Repeated requests: one answer for one key, and never somebody else's."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from pifa.kernel import idempotency
from pifa.kernel.errors import IdempotencyConflict
from pifa.kernel.models import IdempotencyKey

ONE = idempotency.fingerprint("pay", {"amount": 1})
OTHER = idempotency.fingerprint("pay", {"amount": 2})


def keep(print_: str, body: list[object] | None) -> list[object] | None:
    """Keep an answer with a key; the answer of an earlier request, if there was one."""
    earlier: list[list[object]] = []
    idempotency.keep("member:7", "k", print_, 201, body, earlier.append)
    return earlier[0] if earlier else None


def test_a_request_is_known_by_what_it_says_and_not_by_the_order_it_says_it_in() -> None:
    assert idempotency.fingerprint({"a": 1, "b": 2}) == idempotency.fingerprint({"b": 2, "a": 1})
    assert idempotency.fingerprint("1", 1) != idempotency.fingerprint(1, "1")
    assert ONE != OTHER


@pytest.mark.django_db
class TestOneAfterTheOther:
    def test_the_first_has_no_answer_and_the_second_has_the_firsts(self) -> None:
        first = idempotency.claim("member:7", "k", ONE)
        assert first.status is None
        idempotency.answer(first, 201, {"number": "26030201"})
        again = idempotency.claim("member:7", "k", ONE)
        assert (again.pk, again.status, again.body) == (first.pk, 201, {"number": "26030201"})

    def test_the_same_key_with_another_request_is_refused(self) -> None:
        idempotency.claim("member:7", "k", ONE)
        with pytest.raises(IdempotencyConflict):
            idempotency.claim("member:7", "k", OTHER)
        with pytest.raises(IdempotencyConflict):
            keep(OTHER, None)

    def test_keys_of_others_are_other_keys(self) -> None:
        mine = idempotency.claim("member:7", "k", ONE)
        assert idempotency.claim("member:8", "k", OTHER).pk != mine.pk
        assert idempotency.find("member:9", "k", ONE) is None

    def test_an_answer_known_beforehand_is_kept_with_the_key(self) -> None:
        assert keep(ONE, ["26030201"]) is None
        assert keep(ONE, ["another"]) == ["26030201"]
        kept = idempotency.find("member:7", "k", ONE)
        assert kept is not None
        assert (kept.status, kept.body) == (201, ["26030201"])

    def test_a_request_that_failed_leaves_its_key_free(self) -> None:
        with transaction.atomic():
            keep(ONE, ["26030201"])
            transaction.set_rollback(True)
        assert keep(ONE, ["26030202"]) is None


@pytest.mark.django_db(transaction=True)
def test_at_once_one_does_the_work_and_the_rest_get_its_answer() -> None:
    gate, answers = threading.Barrier(4), []

    def send(number: int) -> None:
        try:
            gate.wait()
            with transaction.atomic():
                earlier = keep(ONE, [number])
                answers.append((number, earlier[0] if earlier else number))
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert len({answer for _number, answer in answers}) == 1
    assert sum(number == answer for number, answer in answers) == 1
    assert IdempotencyKey.objects.count() == 1
