"""Whom the partner bank tells: the company's people, by the worker, after the commit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import translation

from pifa.finance.partner_bank import events
from pifa.finance.sandbox.models import SandboxPassword
from pifa.kernel.events import consumer
from pifa.messages import commands as messages
from pifa.messages.commands import NewNotice

KINDS: Mapping[str, str] = {
    events.AccountOpened.name: "bank_opened",
    events.PasswordLockedEvent.name: "bank_password_locked",
    events.PasswordReset.name: "bank_password_reset",
}


@consumer("finance.partner_bank_notices", *KINDS)
def _tell(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    params = dict(payload) | {"due": payload.get("until_at", "")}
    if "which" in payload:
        for language, key in (("zh-hans", "secret"), ("en", "secret_en")):
            with translation.override(language):
                params[key] = str(SandboxPassword.Which(payload["which"]).label)
    messages.notify_all(
        [
            NewNotice(
                company_id=payload["company_id"],
                kind=KINDS[name],
                subject=f"company:{payload['company_id']}",
                params=params,
                link="/buyer/bank/",
            )
        ]
    )
