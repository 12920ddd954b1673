"""Alipay and WeChat Pay over a line that breaks, and notices that somebody tampered with."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from pifa.finance import commands, queries
from pifa.finance.errors import GatewayUnavailable
from pifa.finance.gateways import registry
from pifa.finance.models import GatewayCall, GatewayNotice, GatewayTrade, Payment
from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Actor
from pifa.kernel.models import AuditEntry, Deadline
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from tests.finance.gateways.conftest import BeginBy, RealSide, settle_calls
from tests.plugins.clock import MarketClock
from tools.gateway_emulator.books import Fault
from tools.gateway_emulator.server import Emulator

pytestmark = pytest.mark.django_db

FAULTS = [
    pytest.param("500", False, id="500"),
    pytest.param("500", True, id="500-after-it-was-done"),
    pytest.param("hang", False, id="silence"),
    pytest.param("hang", True, id="silence-after-it-was-done"),
    pytest.param("forged", True, id="answer-signed-by-another"),
]


def started(real: RealSide, purchaser: Actor, order: str, channel: str = "") -> str:
    """A payment that was begun and of which the gateway has not heard yet."""
    view = queries.payable(order)
    assert view is not None
    begun = commands.start_payment(purchaser, view.number, real.method, channel=channel)
    return begun.payment_number


class TestTheLine:
    """Whatever breaks: the work is done once, under the one number that it had from the start."""

    @pytest.mark.parametrize(("how", "done"), FAULTS)
    def test_opening(
        self, real: RealSide, purchaser: Actor, order: str, how: str, done: bool
    ) -> None:
        number = started(real, purchaser, order)
        real.provider.faults.append(Fault("create", how, done))
        told = commands.present(number)
        assert (told.qr_text, told.waits) == ("", True)
        assert "暂时连不上" in told.problem
        told = commands.present(number)
        assert number in told.qr_text
        assert list(real.provider.trades) == [number]
        real.pay(number)
        assert real.notice(number) == "settled"

    @pytest.mark.parametrize(("how", "done"), FAULTS)
    def test_refunding(
        self, real: RealSide, begin_by: BeginBy, order: str, how: str, done: bool
    ) -> None:
        number = begin_by(real, order)
        real.pay(number)
        real.notice(number)
        real.provider.faults.append(Fault("refund", how, done))
        commands.refund(order, Money(30_00), "k", "")
        settle_calls()
        assert GatewayCall.objects.get().done_at is None
        assert ledger.held(order) == Money(70_00)  # our books do not wait for the line
        deadlines.run_due(clock.now() + timedelta(minutes=1))
        assert GatewayCall.objects.get().done_at is not None
        assert real.provider.times("refund") == 2
        assert list(real.provider.trades[number].refunds.values()) == [30_00]

    @pytest.mark.parametrize(("how", "done"), FAULTS)
    def test_closing(
        self, real: RealSide, begin_by: BeginBy, order: str, how: str, done: bool
    ) -> None:
        number = begin_by(real, order)
        real.provider.faults.append(Fault("close", how, done))
        commands.close_payable(order)
        settle_calls()
        assert GatewayCall.objects.get().done_at is None
        deadlines.run_due(clock.now() + timedelta(minutes=1))
        assert GatewayCall.objects.get().done_at is not None
        assert real.is_closed(number)

    @pytest.mark.parametrize(("how", "done"), FAULTS)
    def test_asking(
        self, real: RealSide, begin_by: BeginBy, order: str, how: str, done: bool
    ) -> None:
        number = begin_by(real, order)
        real.pay(number)
        real.provider.faults.append(Fault("query", how, done))
        with pytest.raises(GatewayUnavailable):
            commands.refresh_payment(number)
        assert ledger.held(order) == Money(0)
        assert commands.refresh_payment(number) == "settled"

    def test_a_line_that_stays_broken_waits_for_an_operator(
        self, real: RealSide, begin_by: BeginBy, order: str, market_clock: MarketClock
    ) -> None:
        number = begin_by(real, order)
        real.pay(number)
        real.notice(number)
        commands.refund(order, Money(1), "k", "")
        real.provider.faults += [Fault("refund", "500") for _time in range(9)]
        for _day in range(9):
            market_clock.forward(days=1)
            deadlines.run_due()
        assert deadlines.stuck() == 1
        (waiting,) = Deadline.objects.filter(done_at=None, kind="gateway.call")
        assert "GatewayUnavailable" in waiting.error
        real.provider.faults.clear()
        deadlines.retry([waiting.pk])
        deadlines.run_due()
        assert real.refunded(number) == 1

    def test_a_refund_that_takes_its_time_is_looked_at_again(
        self, emulator: Emulator, client: Any, begin_by: BeginBy, order: str
    ) -> None:
        wechat = RealSide(emulator.wechat, client)
        emulator.wechat.slow_refunds = True
        number = begin_by(wechat, order)
        wechat.pay(number)
        wechat.notice(number)
        commands.refund(order, Money(10_00), "k", "")
        settle_calls()
        assert GatewayCall.objects.get().done_at is None
        deadlines.run_due(clock.now() + timedelta(minutes=10))
        assert GatewayCall.objects.get().done_at is not None
        assert wechat.refunded(number) == 10_00
        # WeChat also tells of it: kept, and nothing is made of it.
        assert wechat.notice(number, changes={"event_type": "REFUND.SUCCESS"}) == "noted"


class TestNotices:
    """Only what is genuine, for us, and said in its form is believed."""

    def test_the_answer_has_the_form_of_the_gateway(
        self, real: RealSide, begin_by: BeginBy, order: str
    ) -> None:
        number = begin_by(real, order)
        real.pay(number)
        real.notice(number, forged=True)
        assert real.answer.status_code == 400
        real.notice(number)
        assert real.answer.status_code == 200
        if real.method == "alipay":
            assert real.answer.content == b"success"
        else:
            assert real.answer.json()["code"] == "SUCCESS"

    def test_the_very_same_notice_twice(
        self, real: RealSide, begin_by: BeginBy, order: str
    ) -> None:
        number = begin_by(real, order)
        real.pay(number)
        body, headers = real.provider.notice(number)
        assert real.send(body, headers) == "settled"
        assert real.send(body, headers) == "repeated"
        assert GatewayNotice.objects.get().repeats == 1
        assert ledger.held(order) == Money(100_00)

    def test_a_copy_of_an_old_notice_is_not_believed(
        self, emulator: Emulator, client: Any, begin_by: BeginBy, order: str
    ) -> None:
        wechat = RealSide(emulator.wechat, client)
        number = begin_by(wechat, order)
        wechat.pay(number)
        for seconds in (-400, 400):
            stale = emulator.wechat.notice(number, at=time.time() + seconds)
            assert wechat.send(*stale) == "bad_signature"
        assert wechat.send(*emulator.wechat.notice(number, at=time.time() - 200)) == "settled"

    @pytest.mark.parametrize("whose", ["app", "seller"])
    def test_a_notice_for_another_merchant(
        self, real: RealSide, begin_by: BeginBy, order: str, whose: str
    ) -> None:
        number = begin_by(real, order)
        real.pay(number)
        alipay = real.method == "alipay"
        name = {
            "app": "app_id" if alipay else "appid",
            "seller": "seller_id" if alipay else "mchid",
        }
        assert real.notice(number, changes={name[whose]: "another"}) == "malformed"
        assert real.answer.status_code == 400
        assert ledger.held(order) == Money(0)
        assert GatewayNotice.objects.get().flagged

    def test_a_notice_that_was_changed_on_its_way(
        self, real: RealSide, begin_by: BeginBy, order: str
    ) -> None:
        number = begin_by(real, order)
        real.pay(number)
        body, headers = real.provider.notice(number)
        changed = body.replace(b"100.00", b"900.00") if real.method == "alipay" else body + b" "
        assert changed != body
        assert real.send(changed, headers) == "bad_signature"

    def test_a_notice_by_a_key_of_an_unknown_name_asks_nobody(
        self, emulator: Emulator, client: Any, begin_by: BeginBy, order: str
    ) -> None:
        wechat = RealSide(emulator.wechat, client)
        number = begin_by(wechat, order)
        wechat.pay(number)
        body, headers = emulator.wechat.notice(number)
        before = list(emulator.wechat.asked)
        for serial in ("", "5F3A", "PUB_KEY_ID_0", "ÿ"):
            assert wechat.send(body, headers | {"Wechatpay-Serial": serial}) == "bad_signature"
        assert emulator.wechat.asked == before

    @pytest.mark.parametrize(
        "body", [b"", b"\xff\xfe", b"[]", b"{}", b"a=1&a=2&sign=x", b"sign=x", b"[" * 5000]
    )
    def test_nonsense_is_refused(self, real: RealSide, db: None, body: bytes) -> None:
        real.client.generic("POST", f"/gateway/{real.method}/notify", body, "text/plain")
        answer = real.client.generic("POST", f"/gateway/{real.method}/notify", body, "text/plain")
        assert answer.status_code == 400
        assert not GatewayNotice.objects.exclude(
            verdict__in=["bad_signature", "malformed"]
        ).exists()

    def test_what_is_too_large_is_not_read(self, real: RealSide, db: None) -> None:
        body = b"sign=" + b"x" * 70_000
        answer = real.client.generic("POST", f"/gateway/{real.method}/notify", body, "text/plain")
        assert answer.status_code == 413
        assert not GatewayNotice.objects.exists()

    def test_who_paid_is_not_kept(self, real: RealSide, begin_by: BeginBy, order: str) -> None:
        number = begin_by(real, order)
        real.pay(number)
        real.notice(number)
        kept = str(GatewayNotice.objects.get().payload)
        assert number in kept
        assert "example.com" not in kept
        assert "o-nobody" not in kept

    def test_alipay_tells_of_trades_that_are_not_paid_yet(
        self, emulator: Emulator, client: Any, begin_by: BeginBy, order: str
    ) -> None:
        alipay = RealSide(emulator.alipay, client)
        number = begin_by(alipay, order)
        waiting = {"trade_status": "WAIT_BUYER_PAY", "trade_no": "2026"}
        assert alipay.notice(number, changes=waiting) == "noted"
        assert Payment.objects.get().state == "started"
        closed = {"trade_status": "TRADE_CLOSED", "trade_no": "2026"}
        assert alipay.notice(number, changes=closed) == "failed"
        assert queries.payment(number).outcome == "支付渠道已关闭这笔交易"


class TestTime:
    """A trade that nobody pays ends, here and there; money that comes late finds its way."""

    def test_what_is_not_paid_in_time_is_closed(
        self, real: RealSide, begin_by: BeginBy, order: str, market_clock: MarketClock
    ) -> None:
        number = begin_by(real, order)
        market_clock.forward(minutes=settings.MARKET["gateway_minutes"])
        deadlines.run_due()
        assert real.is_closed(number)
        assert queries.payment(number).outcome == "没有在时限内付款，付款码已失效"
        told = commands.present(number)
        assert (told.qr_text, told.waits) == ("", False)
        assert queries.payable(order).is_open  # type: ignore[union-attr]

    def test_what_was_paid_in_time_is_booked_though_no_notice_came(
        self, real: RealSide, begin_by: BeginBy, order: str, market_clock: MarketClock
    ) -> None:
        number = begin_by(real, order)
        real.pay(number)
        market_clock.forward(minutes=settings.MARKET["gateway_minutes"])
        deadlines.run_due()
        assert ledger.held(order) == Money(100_00)
        assert not real.is_closed(number)

    def test_a_late_notice_settles_an_order_that_is_still_open(
        self, real: RealSide, begin_by: BeginBy, order: str, market_clock: MarketClock
    ) -> None:
        number = begin_by(real, order)
        market_clock.forward(minutes=settings.MARKET["gateway_minutes"])
        deadlines.run_due()
        real.provider.trades[number].state = "open"  # paid in the last moment, told late
        real.pay(number)
        assert real.notice(number) == "settled"
        assert ledger.held(order) == Money(100_00)

    def test_an_attempt_that_was_never_shown_is_not_told_of(
        self, real: RealSide, purchaser: Actor, order: str, market_clock: MarketClock
    ) -> None:
        number = started(real, purchaser, order)
        commands.close_payable(order)
        market_clock.forward(hours=1)
        deadlines.run_due()
        assert real.provider.asked == []
        assert not GatewayCall.objects.exists()
        assert commands.present(number).waits is False
        assert real.provider.asked == []

    def test_given_up_while_the_gateway_opens_it(
        self,
        real: RealSide,
        purchaser: Actor,
        order: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        number = started(real, purchaser, order)
        provider = registry.provider(real.method)
        present = type(provider).present

        def meanwhile(self: Any, wanted: Any) -> str:
            commands.close_payable(order)
            settle_calls()
            return present(self, wanted)

        monkeypatch.setattr(type(provider), "present", meanwhile)
        assert commands.present(number).qr_text == ""
        settle_calls()
        trade = GatewayTrade.objects.get()
        assert trade.shown
        assert real.is_closed(number)

    def test_a_page_that_waits_asks_now_and_then(
        self, real: RealSide, begin_by: BeginBy, order: str, market_clock: MarketClock
    ) -> None:
        number = begin_by(real, order)
        for _time in range(5):
            commands.present(number)
        assert real.provider.times("query") == 0
        real.pay(number)
        market_clock.forward(minutes=1)
        assert commands.present(number).state == "succeeded"
        assert real.provider.times("query") == 1
        assert ledger.held(order) == Money(100_00)


class TestChannels:
    """By scanning, on this computer, on this phone."""

    def test_alipays_pages_need_nobody_asked(
        self, emulator: Emulator, client: Any, begin_by: BeginBy, order: str
    ) -> None:
        alipay = RealSide(emulator.alipay, client)
        for channel in ("page", "phone"):
            number = begin_by(alipay, order, channel)
            told = commands.present(number)
            assert (told.qr_text, told.waits) == ("", True)
            assert emulator.alipay.asked == []
            query = told.address.partition("?")[2]
            assert emulator.alipay.visit(query).fen == 100_00
        alipay.pay(number)
        assert alipay.notice(number) == "settled"

    def test_wechat_on_a_phone(
        self, emulator: Emulator, client: Any, begin_by: BeginBy, order: str
    ) -> None:
        wechat = RealSide(emulator.wechat, client)
        number = begin_by(wechat, order, "phone")
        told = commands.present(number)
        assert told.address.startswith("https://wx.example/h5?prepay_id=")
        assert "redirect_url=" in told.address

    def test_what_the_gateway_refuses_is_said(
        self, real: RealSide, purchaser: Actor, order: str
    ) -> None:
        number = started(real, purchaser, order)
        trade = GatewayTrade.objects.get()
        # The provider knows another trade by this number.
        provider = registry.provider(real.method)
        real.provider.trades.clear()
        commands.present(number)
        GatewayTrade.objects.filter(pk=trade.pk).update(shown="", amount_fen=1)
        told = commands.present(number)
        assert told.problem.startswith(str(provider.label))
        assert told.waits is False


class TestSettings:
    """Off until it is set up whole; nothing of the keys goes anywhere."""

    def test_keys_are_told_to_nobody(
        self, real: RealSide, begin_by: BeginBy, order: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("DEBUG")
        number = begin_by(real, order)
        real.pay(number)
        real.provider.faults.append(Fault("query", "500"))
        with pytest.raises(GatewayUnavailable) as refused:
            commands.refresh_payment(number)
        real.notice(number, forged=True)
        real.notice(number)
        commands.refund(order, Money(100), "k", "")
        real.provider.faults.append(Fault("refund", "hang"))
        settle_calls()
        audit_log = list(AuditEntry.objects.values_list("detail", flat=True))
        heard = "\n".join(
            [
                caplog.text,
                repr(refused.value),
                str(refused.value),
                str(audit_log),
                str(list(Deadline.objects.values_list("error", flat=True))),
                str(list(GatewayNotice.objects.values_list("payload", flat=True))),
            ]
        )
        secret = real.provider.merchant_key.private_pem.splitlines()[3]
        assert secret not in heard
        if real.method == "wechat":
            assert real.provider.apiv3_key not in heard  # type: ignore[union-attr]
