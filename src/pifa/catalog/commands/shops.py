"""Shops: opened by their company, their main category set with the rules that hang on it."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from pifa.catalog import problems
from pifa.catalog.errors import NoShop, ShopExists
from pifa.catalog.events import ShopOpened
from pifa.catalog.models import Category, ProhibitedWord, Shop
from pifa.catalog.policies import may_keep
from pifa.catalog.problems import Problem, Unacceptable
from pifa.catalog.queries.categories import forget_categories
from pifa.catalog.rules import find_prohibited
from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import NotFound
from pifa.kernel.events import emit
from pifa.parties import commands as parties
from pifa.parties.policies import require, require_operator

_LIMITS = {"name": 60, "introduction": 2000, "announcement": 200}


def open_shop(
    actor: Actor,
    name: str,
    main_category_id: int,
    *,
    introduction: str = "",
    mobile_open: bool = True,
) -> Shop:
    """Open the company's shop; its owner does. The company becomes a seller by it.

    The main category (its top-level one, if a lower one is given) decides by which medals and
    in which department the shop is measured. Raises `ShopExists`, `Unacceptable`.
    """
    company_id = require(actor, Role.OWNER)
    name = " ".join(name.split())
    _check(name=name, introduction=introduction)
    with transaction.atomic():
        held = Shop.objects.filter(company_id=company_id).first()
        if held is not None:
            raise ShopExists(name=held.name)
        main = _top_category(main_category_id)
        try:
            with transaction.atomic():
                shop = Shop.objects.create(
                    company_id=company_id,
                    name=name,
                    slug=f"s{company_id}",
                    main_category=main,
                    introduction=introduction.strip(),
                    mobile_open=mobile_open,
                    opened_at=clock.now(),
                )
        except IntegrityError as error:  # opened in another tab meanwhile
            raise ShopExists(name=name) from error
        parties.become_seller(actor)
        audit.record(actor, "shop.open", f"company:{company_id}", category=main.slug)
        emit(ShopOpened(company_id=company_id, shop_id=shop.pk))
        return shop


def change_shop(
    actor: Actor,
    *,
    name: str,
    introduction: str = "",
    announcement: str = "",
    mobile_open: bool = True,
) -> None:
    """Change what the shop says of itself. Raises `NoShop`, `Unacceptable`."""
    company_id = may_keep(actor)
    name = " ".join(name.split())
    _check(name=name, introduction=introduction, announcement=announcement)
    with transaction.atomic():
        changed = Shop.objects.filter(company_id=company_id).update(
            name=name,
            introduction=introduction.strip(),
            announcement=announcement.strip(),
            mobile_open=mobile_open,
        )
        if not changed:
            raise NoShop
        audit.record(actor, "shop.change", f"company:{company_id}", name=name)


def move_shop(actor: Actor, company_id: int, main_category_id: int) -> None:
    """An operator gives a shop another main category, and so other medals and department."""
    require_operator(actor)
    with transaction.atomic():
        main = _top_category(main_category_id)
        if not Shop.objects.filter(company_id=company_id).update(main_category=main):
            raise NotFound
        audit.record(actor, "shop.move", f"company:{company_id}", category=main.slug)


def save_category(
    actor: Actor,
    *,
    slug: str,
    name: str,
    name_en: str,
    parent_id: int | None = None,
    medal_system: str = "",
    department: str = "",
    position: int = 0,
) -> Category:
    """An operator adds or changes a category (by slug). Lower ones follow their top-level one."""
    require_operator(actor)
    with transaction.atomic():
        parent = Category.objects.filter(pk=parent_id).first() if parent_id else None
        if parent_id and (parent is None or parent.slug == slug):
            raise NotFound
        values = {
            "parent": parent,
            "name": name.strip(),
            "name_en": name_en.strip(),
            "medal_system": parent.medal_system if parent else medal_system,
            "department": parent.department if parent else department,
            "position": position,
        }
        category, _ = Category.objects.update_or_create(slug=slug, defaults=values)
        below = Category.objects.filter(parent=category)
        below.update(medal_system=category.medal_system, department=category.department)
        audit.record(actor, "category.save", f"category:{category.pk}", slug=slug)
        transaction.on_commit(forget_categories)
        forget_categories()
        return category


def prohibit_word(actor: Actor, word: str, reason: str) -> None:
    """An operator forbids a word on offers, saying what it is about."""
    require_operator(actor)
    with transaction.atomic():
        ProhibitedWord.objects.update_or_create(
            word=word.strip(), defaults={"reason": reason.strip()}
        )
        audit.record(actor, "word.prohibit", f"word:{word.strip()}")


def allow_word(actor: Actor, word: str) -> None:
    """An operator lifts the ban on a word."""
    require_operator(actor)
    with transaction.atomic():
        if not ProhibitedWord.objects.filter(word=word).delete()[0]:
            raise NotFound
        audit.record(actor, "word.allow", f"word:{word}")


def _top_category(category_id: int) -> Category:
    category = Category.objects.filter(pk=category_id).select_related("parent").first()
    while category is not None and category.parent is not None:
        category = category.parent
    if category is None:
        raise Unacceptable([problems.NotYours("category", value=category_id)])
    return category


def _check(**texts: str) -> None:
    found: list[Problem] = []
    if not texts["name"]:
        found.append(problems.Missing("name"))
    for field, text in texts.items():
        if len(text) > _LIMITS[field]:
            found.append(problems.TooLong(field, length=len(text), limit=_LIMITS[field]))
    words = dict(ProhibitedWord.objects.values_list("word", "reason"))
    found += [
        problems.Prohibited("name", word=word, about=about)
        for word, about in find_prohibited(texts.values(), words)
    ]
    if found:
        raise Unacceptable(found)
