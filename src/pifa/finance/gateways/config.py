"""How the real gateways are set up: ids from the environment, keys from files that it names.

Keys live outside the repository and the database; `docs/gateways.md` says how to get them. They
are read when a gateway is first used, and no `repr` shows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NEEDED = {
    "alipay": ("APP_ID", "SELLER_ID", "KEY_FILE", "ALIPAY_KEY_FILE"),
    "wechat": (
        "APP_ID",
        "MERCHANT_ID",
        "KEY_FILE",
        "CERT_SERIAL",
        "APIV3_KEY_FILE",
        "WECHAT_KEY_FILE",
        "WECHAT_KEY_ID",
    ),
}
"""What each gateway needs; the environment's names have `PIFA_ALIPAY_`, `PIFA_WECHAT_` before."""

_APIV3_KEY_BYTES = 32
_LEAST_BITS = 2048


@dataclass(frozen=True, slots=True)
class AlipayConfig:
    """An application at Alipay and the account that its money comes to."""

    app_id: str
    seller_id: str
    private_key: str = field(repr=False)
    alipay_key: str = field(repr=False)
    server: str
    notify_url: str
    timeout: float


@dataclass(frozen=True, slots=True)
class WechatConfig:
    """A merchant at WeChat Pay (API v3, public-key mode)."""

    app_id: str
    merchant_id: str
    private_key: str = field(repr=False)
    cert_serial: str
    apiv3_key: str = field(repr=False)
    wechat_key: str = field(repr=False)
    wechat_key_id: str
    server: str
    notify_url: str
    timeout: float


def is_on(code: str) -> bool:
    """Whether everything that a gateway needs is named; half of it does not switch it on."""
    given = _given(code)
    return all(given.get(name) for name in NEEDED[code])


def problems(code: str) -> list[str]:
    """What is wrong with a gateway's settings; nothing if it is set up whole, or not at all."""
    given = _given(code)
    if not any(given.get(name) for name in NEEDED[code]):
        return []
    missing = [name for name in NEEDED[code] if not given.get(name)]
    found = [f"PIFA_{code.upper()}_{name} is missing" for name in missing]
    if not missing:
        try:
            alipay() if code == "alipay" else wechat()
        except ImproperlyConfigured as error:
            found.append(str(error))
    address = urlsplit(settings.SITE_URL)
    if address.scheme != "https" and not given.get("SERVER"):
        found.append("PIFA_URL must be the https address that the provider sends notices to")
    return found


def sandbox_is_on() -> bool:
    """Whether payments that only play may be begun."""
    return bool(settings.SANDBOX_GATEWAY)


def alipay() -> AlipayConfig:
    """Alipay's settings with its keys; `ImproperlyConfigured` says what is wrong."""
    return _alipay(_frozen("alipay"), settings.SITE_URL)


def wechat() -> WechatConfig:
    """WeChat Pay's settings with its keys; `ImproperlyConfigured` says what is wrong."""
    return _wechat(_frozen("wechat"), settings.SITE_URL)


def notify_url(code: str, site: str) -> str:
    """Where a gateway sends its notices."""
    return f"{site.rstrip('/')}/gateway/{code}/notify"


@lru_cache(maxsize=8)
def _alipay(given: frozenset[tuple[str, str]], site: str) -> AlipayConfig:
    read = _Reader("alipay", dict(given))
    return AlipayConfig(
        app_id=read.text("APP_ID"),
        seller_id=read.text("SELLER_ID"),
        private_key=read.private_key("KEY_FILE"),
        alipay_key=read.public_key("ALIPAY_KEY_FILE"),
        server=read.optional("SERVER"),
        notify_url=notify_url("alipay", site),
        timeout=read.seconds("TIMEOUT"),
    )


@lru_cache(maxsize=8)
def _wechat(given: frozenset[tuple[str, str]], site: str) -> WechatConfig:
    read = _Reader("wechat", dict(given))
    apiv3_key = read.file("APIV3_KEY_FILE").strip()
    if len(apiv3_key.encode()) != _APIV3_KEY_BYTES:
        raise read.wrong("APIV3_KEY_FILE", f"must hold {_APIV3_KEY_BYTES} characters")
    return WechatConfig(
        app_id=read.text("APP_ID"),
        merchant_id=read.text("MERCHANT_ID"),
        private_key=read.private_key("KEY_FILE"),
        cert_serial=read.text("CERT_SERIAL"),
        apiv3_key=apiv3_key,
        wechat_key=read.public_key("WECHAT_KEY_FILE"),
        wechat_key_id=read.text("WECHAT_KEY_ID"),
        server=read.optional("SERVER"),
        notify_url=notify_url("wechat", site),
        timeout=read.seconds("TIMEOUT"),
    )


def _given(code: str) -> Mapping[str, str]:
    found: Mapping[str, str] = settings.GATEWAYS.get(code, {})
    return found


def _frozen(code: str) -> frozenset[tuple[str, str]]:
    return frozenset(_given(code).items())


class _Reader:
    """Reads one gateway's settings and names the one that is wrong, never what it holds."""

    def __init__(self, code: str, given: Mapping[str, str]) -> None:
        self._code, self._given = code, given

    def wrong(self, name: str, why: str) -> ImproperlyConfigured:
        return ImproperlyConfigured(f"PIFA_{self._code.upper()}_{name} {why}")

    def optional(self, name: str) -> str:
        return self._given.get(name, "").strip()

    def text(self, name: str) -> str:
        if not (value := self.optional(name)):
            raise self.wrong(name, "is missing")
        return value

    def seconds(self, name: str) -> float:
        try:
            return float(self.optional(name) or "10")
        except ValueError:
            raise self.wrong(name, "is not a number of seconds") from None

    def file(self, name: str) -> str:
        try:
            return Path(self.text(name)).read_text(encoding="ascii")
        except (OSError, UnicodeError) as error:
            raise self.wrong(name, f"cannot be read ({type(error).__name__})") from None

    def private_key(self, name: str) -> str:
        pem = _armoured(self.file(name), "PRIVATE KEY")
        try:
            key = serialization.load_pem_private_key(pem.encode(), password=None)
        except (ValueError, TypeError):
            raise self.wrong(name, "holds no private key") from None
        if not isinstance(key, RSAPrivateKey) or key.key_size < _LEAST_BITS:
            raise self.wrong(name, f"must hold an RSA key of {_LEAST_BITS} bits or more")
        made = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return made.decode()

    def public_key(self, name: str) -> str:
        pem = _armoured(self.file(name), "PUBLIC KEY")
        try:
            key = serialization.load_pem_public_key(pem.encode())
        except ValueError:
            raise self.wrong(name, "holds no public key") from None
        if not isinstance(key, RSAPublicKey) or key.key_size < _LEAST_BITS:
            raise self.wrong(name, f"must hold an RSA key of {_LEAST_BITS} bits or more")
        return key.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ).decode()


def _armoured(text: str, kind: str) -> str:
    """The providers' tools write a key as bare base64: the frame that PEM wants is put around."""
    text = text.strip()
    if text.startswith("-----BEGIN"):
        return text + "\n"
    return f"-----BEGIN {kind}-----\n{text}\n-----END {kind}-----\n"
