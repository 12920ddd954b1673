"""The market's own people, its categories, and the words it forbids."""

from __future__ import annotations

from django.contrib.auth.models import Group

from pifa.catalog import commands as catalog
from pifa.demo import setting
from pifa.demo.plan.goods import PROHIBITED_WORDS
from pifa.demo.vocabulary import TOP_CATEGORIES
from pifa.demo.world import World
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.parties import queries as parties
from pifa.parties.models import User
from pifa.web.operator import roles

_STAFF = (
    (setting.OPERATOR, "运营主管", None),
    (setting.REVIEWER, "审核专员", roles.REVIEWER),
    (setting.ARBITER, "纠纷专员", roles.ARBITER),
)


def write_staff(world: World) -> None:
    """Operators with their roles, the category tree, prohibited words."""
    with clock.frozen(setting.FOUNDED):
        roles.ensure_roles()
        actors = [_staff(username, name, role) for username, name, role in _STAFF]
        world.operator, world.reviewer, world.arbiter = actors
        _categories(world)
        for word, about in PROHIBITED_WORDS:
            catalog.prohibit_word(world.operator, word, about)


def _staff(username: str, name: str, role: str | None) -> Actor:
    user = User.objects.create(
        username=username,
        first_name=name,
        email=f"{username}@pifa.example",
        is_staff=True,
        is_superuser=role is None,
        date_joined=clock.now(),
    )
    if role is not None:
        user.groups.add(Group.objects.get(name=role))
    return parties.operator_actor(user)


def _categories(world: World) -> None:
    for position, top in enumerate(TOP_CATEGORIES):
        main = catalog.save_category(
            world.operator,
            slug=top.slug,
            name=top.name,
            name_en=top.name_en,
            medal_system=top.medal_system.value,
            department=top.department.value,
            position=position,
        )
        world.categories[top.slug] = main.pk
        for place, sub in enumerate(top.children):
            below = catalog.save_category(
                world.operator,
                slug=sub.slug,
                name=sub.name,
                name_en=sub.name_en,
                parent_id=main.pk,
                position=place,
            )
            world.categories[sub.slug] = below.pk
