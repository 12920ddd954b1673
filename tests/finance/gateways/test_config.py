"""Gateways are off until they are set up whole, and say what is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.conf import settings
from django.test import Client

from pifa.cli.gateways import group
from pifa.cli.serve import group as serve
from pifa.finance import commands, queries
from pifa.finance.errors import CollectionPaused
from pifa.finance.gateways import config
from pifa.finance.models import GatewayCall
from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput
from pifa.kernel.money import Money
from tests.finance.gateways.conftest import BeginBy, RealSide, settle_calls
from tools.gateway_emulator.server import Emulator

CODES = sorted(config.NEEDED)
Change = Callable[..., None]


@pytest.fixture
def change(emulator: Emulator) -> Change:
    """change(code, NAME=value): set one of a gateway's settings; None takes it away."""

    def act(code: str, **values: str | None) -> None:
        given = settings.GATEWAYS[code]
        for name, value in values.items():
            given.pop(name, None)
            if value is not None:
                given[name] = value

    return act


def test_off_where_nothing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.GATEWAYS == {"alipay": {}, "wechat": {}}
    assert settings.SANDBOX_GATEWAY is True
    told = CliRunner().invoke(group)
    assert (told.exit_code, told.output) == (0, "alipay: off\nwechat: off\nsandbox: on\n")


def test_on_where_all_is_named(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SANDBOX_GATEWAY", False)
    told = CliRunner().invoke(group)
    assert (told.exit_code, told.output) == (0, "alipay: on\nwechat: on\nsandbox: off\n")


@pytest.mark.parametrize(("code", "name"), [(c, n) for c in CODES for n in config.NEEDED[c]])
def test_half_of_it_is_an_error_that_names_the_rest(change: Change, code: str, name: str) -> None:
    change(code, **{name: None})
    told = CliRunner().invoke(group)
    assert told.exit_code == 1
    assert f"PIFA_{code.upper()}_{name} is missing" in told.output
    assert not config.is_on(code)
    refused = CliRunner().invoke(serve)
    assert refused.exit_code == 1
    assert f"PIFA_{code.upper()}_{name} is missing" in refused.output


@pytest.mark.parametrize(
    ("code", "name"),
    [(code, name) for code in CODES for name in config.NEEDED[code] if name.endswith("_FILE")],
)
@pytest.mark.parametrize("content", [None, b"", b"not a key", b"\xff\xfe", b"small", b"curve"])
def test_a_key_that_is_none(
    change: Change, tmp_path: Path, code: str, name: str, content: bytes | None
) -> None:
    file = tmp_path / "key"
    if content == b"small":
        content = _pem(rsa.generate_private_key(public_exponent=65537, key_size=1024), name)
    elif content == b"curve":
        content = _pem(ec.generate_private_key(ec.SECP256R1()), name)
    if content is not None:
        file.write_bytes(content)
    change(code, **{name: str(file)})
    (problem,) = config.problems(code)
    assert problem.startswith(f"PIFA_{code.upper()}_{name} ")
    assert "BEGIN" not in problem


def _pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, name: str) -> bytes:
    if name == "KEY_FILE":
        return key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def test_a_key_may_be_bare_as_the_providers_tools_write_it(
    change: Change, emulator: Emulator, tmp_path: Path
) -> None:
    for name, pem in (
        ("KEY_FILE", emulator.alipay.merchant_key.private_pem),
        ("ALIPAY_KEY_FILE", emulator.alipay.own_key.public_pem),
    ):
        bare = tmp_path / name
        bare.write_text("".join(pem.splitlines()[1:-1]))
        change("alipay", **{name: str(bare)})
    assert config.problems("alipay") == []
    assert config.alipay().private_key == emulator.alipay.merchant_key.private_pem


def test_no_repr_shows_a_key(emulator: Emulator) -> None:
    for given in (config.alipay(), config.wechat()):
        assert "BEGIN" not in repr(given)
        assert emulator.wechat.apiv3_key not in repr(given)
        assert given.app_id in repr(given)


def test_notices_need_an_address_that_the_provider_reaches(
    change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    for code in CODES:
        change(code, SERVER=None)
    monkeypatch.setattr(settings, "SITE_URL", "http://127.0.0.1:8000")
    assert all("PIFA_URL" in config.problems(code)[0] for code in CODES)
    monkeypatch.setattr(settings, "SITE_URL", "https://market.example/")
    assert [config.problems(code) for code in CODES] == [[], []]
    assert config.wechat().notify_url == "https://market.example/gateway/wechat/notify"


@pytest.mark.django_db
class TestWhatPayersAreOffered:
    """Nobody pays real orders with play money, nor by a gateway that is not there."""

    def test_only_what_is_set_up(
        self, change: Change, order: str, purchaser: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(settings, "SANDBOX_GATEWAY", False)
        change("wechat", KEY_FILE=None)
        view = queries.payable(order)
        assert view is not None
        codes = [row.code for row in queries.methods_for(purchaser, view.number)]
        assert codes[0] == "alipay"
        assert not {"gateway", "card", "wechat"} & set(codes)
        assert queries.online_methods() == [("alipay", "支付宝")]
        for code in ("gateway", "card", "wechat"):
            with pytest.raises(InvalidInput):
                commands.start_payment(purchaser, view.number, code)

    def test_no_gateway_at_all(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(settings, "SANDBOX_GATEWAY", False)
        with pytest.raises(CollectionPaused):
            commands.start_collection("x" * 32, Money(1), "", "127.0.0.1")

    @pytest.mark.parametrize("code", CODES)
    def test_notices_to_one_that_is_off(self, client: Client, code: str) -> None:
        assert client.post(f"/gateway/{code}/notify", {"sign": "x"}).status_code == 404

    def test_keys_that_cannot_be_read_now_are_no_refusal(
        self, real: RealSide, change: Change, begin_by: BeginBy, order: str, tmp_path: Path
    ) -> None:
        number = begin_by(real, order)
        real.pay(number)
        body, headers = real.provider.notice(number)
        keys = settings.GATEWAYS[real.method]["KEY_FILE"]
        change(real.method, KEY_FILE=str(tmp_path / "gone"))
        answer = real.client.generic(
            "POST",
            f"/gateway/{real.method}/notify",
            body,
            headers.pop("Content-Type"),
            headers=headers,
        )
        assert answer.status_code == 503
        change(real.method, KEY_FILE=keys)
        assert real.send(body, headers | {"Content-Type": "text/plain"}) == "settled"

    def test_what_was_paid_by_one_that_is_off_now_can_be_refunded(
        self,
        real: RealSide,
        begin_by: BeginBy,
        order: str,
        emulator: Emulator,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        number = begin_by(real, order)
        real.pay(number)
        real.notice(number)
        given = settings.GATEWAYS
        with monkeypatch.context() as off:
            off.setattr(settings, "GATEWAYS", {})
            assert queries.payment(number).method_label
            commands.refund(order, Money(100_00), "k", "")
            settle_calls()
            assert GatewayCall.objects.get().done_at is None
        monkeypatch.setattr(settings, "GATEWAYS", given)
        deadlines.run_due(clock.now() + timedelta(minutes=1))
        assert real.refunded(number) == 100_00
