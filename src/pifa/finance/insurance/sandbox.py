"""The embedded insurer: it keeps its own book of policies, and its money at the sandbox bank."""

from __future__ import annotations

from datetime import date

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.finance.errors import BankRefuses
from pifa.finance.insurance.models import SandboxPolicy
from pifa.finance.sandbox import books
from pifa.finance.sandbox.books import Holder, Kind
from pifa.finance.sandbox.models import SandboxAccount
from pifa.kernel.money import Money

ACCOUNT = Holder("8800000000000006", "沙箱保险公司", books.BANK, SandboxAccount.Role.INSURER.value)


class SandboxInsurer:
    """Follows the words of the protocol; the bank's entries make a repeat do nothing."""

    name = gettext_lazy("沙箱保险公司")

    def write_policy(
        self, policy: str, holder: str, cover: Money, premium: Money, until: date | None, key: str
    ) -> None:
        """Write a policy and take its premium."""
        if books.move(Kind.PREMIUM, key, books.MARKET, ACCOUNT, premium, policy) is not None:
            SandboxPolicy.objects.create(
                number=policy,
                holder=holder,
                cover_fen=cover.fen,
                premium_fen=premium.fen,
                until=until,
            )

    def return_premium(self, policy: str, premium: Money, key: str) -> None:
        """Give a premium back, as far as there was one."""
        if books.move(Kind.PREMIUM_BACK, key, ACCOUNT, books.MARKET, premium, policy) is None:
            return
        held = SandboxPolicy.objects.filter(
            number=policy, returned_fen__lte=F("premium_fen") - premium.fen, claimed_fen=0
        )
        if not held.update(returned_fen=F("returned_fen") + premium.fen):
            raise BankRefuses(reason=_("保费已退或已赔付"))

    def pay_claim(self, policy: str, amount: Money, key: str) -> None:
        """Pay under a policy, as far as its cover goes."""
        if books.move(Kind.CLAIM, key, ACCOUNT, books.MARKET, amount, policy) is None:
            return
        held = SandboxPolicy.objects.filter(
            number=policy, claimed_fen__lte=F("cover_fen") - amount.fen, returned_fen=0
        )
        if not held.update(claimed_fen=F("claimed_fen") + amount.fen):
            raise BankRefuses(reason=_("超出保单的保额"))

    def take_recourse(self, holder: str, amount: Money, key: str) -> None:
        """Take what an insured paid back."""
        books.move(Kind.RECOURSE, key, books.MARKET, ACCOUNT, amount, holder)
