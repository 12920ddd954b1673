"""The sandbox bank's Ed25519 key: made at first use and kept in the market's home folder."""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

_FILE = "sandbox-bank.pem"


def sign(payload: Mapping[str, Any]) -> str:
    """The bank's signature of a payload, in base64."""
    return base64.b64encode(_key(Path(settings.HOME)).sign(_canonical(payload))).decode()


def is_signed(payload: Mapping[str, Any], signature: str) -> bool:
    """Whether the bank signed exactly this payload."""
    try:
        given = base64.b64decode(signature, validate=True)
        _key(Path(settings.HOME)).public_key().verify(given, _canonical(payload))
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _canonical(payload: Mapping[str, Any]) -> bytes:
    text = json.dumps(dict(payload), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return text.encode()


@lru_cache(maxsize=4)
def _key(home: Path) -> Ed25519PrivateKey:
    kept = home / _FILE
    if not kept.exists():
        _make(kept)
    key = serialization.load_pem_private_key(kept.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{kept} holds no Ed25519 key; remove it and a new one is made")
    return key


def _make(kept: Path) -> None:
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    kept.parent.mkdir(parents=True, exist_ok=True)
    draft = kept.with_name(f"{_FILE}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(pem)
    try:
        # A link fails where the file exists: of two processes that start at once, one key wins.
        os.link(draft, kept)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
