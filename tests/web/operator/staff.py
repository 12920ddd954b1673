"""Operators of the console, signed in."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.test import Client

from pifa.parties.models import User
from pifa.web.operator import roles


def staff(role: str | None = None) -> Client:
    """A client signed in as an operator with one staff role, with none (""), or with all rights."""
    user, _made = User.objects.get_or_create(
        username=f"staff-{role}", is_staff=True, is_superuser=role is None
    )
    if role:
        roles.ensure_roles()
        user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client
