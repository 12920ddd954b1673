"""Taking a financier's word, whatever it is about: every notice is kept once, with its verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from pifa.finance.commands import attention
from pifa.finance.errors import BadSignature, MalformedNotice
from pifa.finance.financiers.protocol import Speaker, Word
from pifa.finance.rules import Verdict


def hear(
    speaker: Speaker,
    payload: Mapping[str, Any],
    signature: str,
    take: Callable[[Word], Verdict],
) -> Verdict:
    """Believe a word that is signed and was not taken before, and let `take` act on it.

    What is not signed or makes no sense is refused; all is one transaction.
    """
    kept_as = f"financier:{speaker.code}"[:24]
    try:
        word = speaker.verify(payload, signature)
    except BadSignature:
        return attention.keep_unbelieved(kept_as, payload, signature, Verdict.BAD_SIGNATURE)
    except MalformedNotice:
        return attention.keep_unbelieved(kept_as, payload, signature, Verdict.MALFORMED)
    with transaction.atomic():
        kept = attention.keep_notice(kept_as, word.notice_id, word.number, payload)
        if kept is None:
            return Verdict.REPEATED
        verdict = take(word)
        attention.judge(kept, verdict)
        return verdict
