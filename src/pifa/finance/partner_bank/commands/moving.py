"""Money in from a bound card, and out to one. Transfers from any bank come by themselves."""

from __future__ import annotations

from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pifa.finance import policies
from pifa.finance.partner_bank import registry, rules
from pifa.finance.partner_bank.commands.passwords import account_for, spend
from pifa.finance.partner_bank.errors import CardBound, NotOwnCard
from pifa.finance.partner_bank.models import BoundCard, PartnerAccount
from pifa.finance.partner_bank.protocol import Card
from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput, NotFound
from pifa.kernel.money import MAX_FEN, Money
from pifa.parties import text


def bind_card(actor: Actor, card: Card, authorisation: str) -> BoundCard:
    """Bind an account at another bank that is in the company's own name.

    Owner or finance role, with the payment password. `NotOwnCard`, `CardBound`, `InvalidInput`.
    """
    account = account_for(policies.handles_money(actor))
    number = "".join(card.number.split())
    if not rules.is_card_number(number):
        raise InvalidInput(field="number", reason=_("卡号或账号为 8 到 30 位数字。"))
    bank_name = text.line(card.bank, "bank", _("开户行"), 120, shortest=2)
    own = account.company.verified_name
    if rules.normal(card.holder) != rules.normal(own):
        raise NotOwnCard("holder", name=own)
    with transaction.atomic():
        spend(actor, account, authorisation)
        reference = registry.get(account.bank).bind(Card(number, own, bank_name))
        if BoundCard.objects.filter(account=account, reference=reference).exists():
            raise CardBound("number")
        try:
            with transaction.atomic():
                row = BoundCard.objects.create(
                    account=account,
                    bank=bank_name,
                    tail=number[-4:],
                    reference=reference,
                    bound_at=clock.now(),
                )
        except IntegrityError as error:
            raise CardBound("number") from error
        audit.record(actor, "partner_bank.bind", _subject(account), tail=row.tail)
    return row


def move_in(
    actor: Actor, card_id: int, amount: Money, authorisation: str, key: str | None = None
) -> None:
    """Money from a bound card to the account; once for a key. With the payment password."""
    _move(actor, card_id, amount, authorisation, key, out=False)


def move_out(
    actor: Actor, card_id: int, amount: Money, authorisation: str, key: str | None = None
) -> None:
    """Money of the account to a bound card; once for a key. With the payment password.

    `NotEnough` beyond what is there.
    """
    _move(actor, card_id, amount, authorisation, key, out=True)


def _move(
    actor: Actor, card_id: int, amount: Money, authorisation: str, key: str | None, *, out: bool
) -> None:
    account = account_for(policies.handles_money(actor))
    if not 0 < amount.fen <= MAX_FEN:
        raise InvalidInput(field="amount", reason=_("金额必须大于 0。"))
    card = BoundCard.objects.filter(pk=card_id, account=account).first()
    if card is None:
        raise NotFound
    bank = registry.get(account.bank)
    way = "out" if out else "in"
    name = f"{way}:{account.pk}:{key or uuid4().hex}"[:140]
    with transaction.atomic():
        spend(actor, account, authorisation)
        (bank.send_out if out else bank.take_in)(account.number, card.reference, amount, name)
        audit.record(
            actor, f"partner_bank.{way}", _subject(account), amount_fen=amount.fen, tail=card.tail
        )


def _subject(account: PartnerAccount) -> str:
    return f"company:{account.company_id}"
