"""The amounts into which a buyer divides a payment, as they are typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from pifa.finance.commands import MOST_PARTS
from pifa.kernel.money import Money
from pifa.web.shared.figures import typed_number


@dataclass(slots=True)
class Split:
    """What stands in the fields, what it means, and what is wrong with it."""

    due: Money
    texts: list[str]
    amounts: list[Money] = field(default_factory=list)
    error: str = ""

    @classmethod
    def of(cls, due: Money, parts: Sequence[Money]) -> Split:
        """The parts there are, with empty fields up to the most."""
        texts = [f"{part.decimal:.2f}" for part in parts] if len(parts) > 1 else []
        return cls(due, _padded(texts), list(parts))

    @classmethod
    def typed(cls, data: QueryDict, due: Money) -> Split:
        """What was typed; empty fields are no parts. No part at all makes it whole again."""
        texts = _padded([text[:20] for text in data.getlist("amount")][:MOST_PARTS])
        found = cls(due, texts)
        for text in texts:
            plain = typed_number(text)
            if not plain:
                continue
            try:
                found.amounts.append(Money.yuan(plain))
            except ValueError:
                found.error = _("“%(text)s”不是金额，请填写如 1280.50。") % {"text": text}
                return found
        found.amounts = found.amounts or [due]
        return found

    @property
    def is_open(self) -> bool:
        """Whether the fields are shown at once: it is divided, or something was wrong."""
        return bool(self.error) or len(self.amounts) > 1


def _padded(texts: list[str]) -> list[str]:
    return texts + [""] * (MOST_PARTS - len(texts))
