"""Companies sign up with their people, are verified and graded, and become known to each other."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from PIL import Image, ImageDraw

from pifa.catalog import commands as catalog
from pifa.demo import setting
from pifa.demo.plan.companies import BuyerPlan, PersonPlan, SellerPlan
from pifa.demo.vocabulary import AddressSpec
from pifa.demo.world import Joined, World
from pifa.finance import commands as finance
from pifa.finance.models import SandboxTrade
from pifa.finance.sandbox import bank
from pifa.finance.sandbox import books as bank_books
from pifa.kernel import clock
from pifa.parties import commands as parties
from pifa.parties import queries
from pifa.parties.commands import AddressInput
from pifa.parties.models import User


def write_seller(world: World, plan: SellerPlan, *, waiting: bool = False) -> None:
    """A seller with its shop; `waiting` leaves its verification to the operators' queue."""
    spec = plan.spec
    joined = _sign_up(
        plan.joined, spec.name, spec.login, spec.city.region_code, spec.city.name, plan.people
    )
    world.sellers.append(joined)
    with clock.frozen(plan.joined + timedelta(hours=2)):
        catalog.open_shop(
            joined.owner,
            f"{spec.short_name}{spec.line.name}",
            world.categories[spec.line.top_category.slug],
            introduction=spec.introduction,
            mobile_open=plan.target.mobile,
        )
        _address(joined, spec.contact.name, spec.contact.phone, spec.address)
    verify(
        world, joined, plan.joined + timedelta(hours=4), spec.name, spec.licence, waiting=waiting
    )
    if not waiting:
        with clock.frozen(plan.joined + timedelta(days=2)):
            number = f"88120000{joined.company_id:08}"
            finance.add_payee(joined.owner, number, bank_books.BANK)
    if plan.grade:
        with clock.frozen(plan.joined + timedelta(days=30)):
            parties.set_integrity_grade(world.operator, joined.company_id, plan.grade)
    if plan.member_years:
        with clock.frozen(plan.joined + timedelta(days=3)):
            parties.buy_membership(joined.owner, plan.member_years)
    if plan.protected:
        with clock.frozen(plan.joined + timedelta(days=4)):
            _pay_deposit(joined)


def write_buyer(world: World, plan: BuyerPlan) -> None:
    """A buyer with its address book."""
    spec = plan.spec
    joined = _sign_up(
        plan.joined, spec.name, spec.login, spec.city.region_code, spec.city.name, plan.people
    )
    world.buyers.append(joined)
    with clock.frozen(plan.joined + timedelta(minutes=20)):
        for person, address in plan.addresses:
            _address(joined, person.name, person.phone, address)
    if is_verified(plan):
        verify(world, joined, plan.joined + timedelta(hours=3), spec.name, spec.licence)


def is_verified(plan: BuyerPlan) -> bool:
    """Whether a buyer was verified when it joined; the larger ones are, and some others."""
    return plan.target.level >= 3 or plan.index % 11 == 0


def verify(
    world: World,
    joined: Joined,
    moment: datetime,
    name: str,
    licence: str,
    *,
    waiting: bool = False,
    refusal: str = "",
) -> None:
    """Submit a drawn licence and let the reviewer decide the next day, unless it waits."""
    with clock.frozen(moment):
        row = parties.submit_verification(
            joined.owner, "enterprise", name, licence, draw_licence(licence)
        )
    if waiting:
        return
    with clock.frozen(moment + timedelta(hours=20)):
        parties.review_verification(world.reviewer, row.pk, not refusal, refusal)


def let_everybody_sign_in() -> None:
    """One password for everybody, hashed once: hashing it for each would take minutes."""
    User.objects.update(password=make_password(setting.PASSWORD))


def draw_licence(licence: str) -> bytes:
    """A picture that stands for a business licence and can be taken for no real one."""
    picture = Image.new("RGB", (360, 250), "#fbf6e6")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((8, 8, 351, 241), outline="#b08d3c", width=3)
    draw.rectangle((14, 14, 345, 235), outline="#d9c48a")
    draw.ellipse((160, 24, 200, 64), fill="#b3312c")
    draw.ellipse((169, 33, 191, 55), fill="#e9c85d")
    draw.text((100, 74), "BUSINESS LICENCE (SPECIMEN)", fill="#4a3b16")
    draw.text((125, 92), licence, fill="#4a3b16")
    for row in range(6):
        length = 100 + int(licence[8 + row], 36) * 4
        draw.rectangle((44, 116 + row * 17, 44 + length, 121 + row * 17), fill="#d8cba4")
    draw.ellipse((266, 164, 326, 224), outline="#b3312c", width=3)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def _sign_up(
    moment: datetime,
    name: str,
    login: str,
    region: str,
    city: str,
    people: tuple[PersonPlan, ...],
) -> Joined:
    first, *others = people
    with clock.frozen(moment):
        member = parties.sign_up(
            company_name=name,
            login=login,
            person_name=first.name,
            username=first.username,
            password=None,
            email=first.email,
            mobile=first.mobile,
            region=region,
            city=city,
        )
        joined = Joined(member.company_id, [queries.actor_for(member)])
        if first.english:
            parties.set_language(joined.owner, "en")
    for place, person in enumerate(others):
        with clock.frozen(moment + timedelta(days=place + 1, hours=1)):
            hired = parties.add_member(
                joined.owner,
                person_name=person.name,
                username=person.username,
                password=None,
                email=person.email,
                mobile=person.mobile,
                roles=person.roles,
            )
            joined.actors.append(queries.actor_for(hired))
    return joined


def _address(joined: Joined, consignee: str, mobile: str, address: AddressSpec) -> None:
    row = parties.add_address(
        joined.owner,
        AddressInput(
            consignee=consignee,
            region=address.region_code,
            city=address.city,
            detail=f"{address.district} {address.line}",
            mobile=mobile,
            post_code=address.post_code,
        ),
    )
    joined.address_ids.append(row.pk)


def _pay_deposit(joined: Joined) -> None:
    asked = finance.join_buyer_protection(joined.owner)
    if asked.payable_number is not None:
        pay_online(joined, asked.payable_number)


def pay_online(joined: Joined, payable_number: str) -> None:
    """The owner pays what a payable asks for next, and the bank takes it."""
    started = finance.start_payment(joined.owner, payable_number, "gateway")
    trade = SandboxTrade.objects.get(payment_number=started.payment_number)
    bank.act(trade.trade_no, bank.BankAction.PAY)
