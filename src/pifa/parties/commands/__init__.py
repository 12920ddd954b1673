"""The verbs of companies and people; each module holds those of one topic."""

from __future__ import annotations

from pifa.parties.commands.address_book import (
    AddressInput,
    add_address,
    change_address,
    checked_address,
    delete_address,
    set_default_address,
)
from pifa.parties.commands.apps import issue_token, revoke_token
from pifa.parties.commands.guests import guest_of
from pifa.parties.commands.people import (
    add_member,
    change_roles,
    deactivate_member,
    note_login,
    reactivate_member,
    set_language,
)
from pifa.parties.commands.signing_up import become_seller, change_profile, sign_up
from pifa.parties.commands.standing import (
    buy_membership,
    give_penalty,
    review_verification,
    revoke_penalty,
    set_integrity_grade,
    submit_verification,
)

__all__ = [
    "AddressInput",
    "add_address",
    "add_member",
    "become_seller",
    "buy_membership",
    "change_address",
    "change_profile",
    "change_roles",
    "checked_address",
    "deactivate_member",
    "delete_address",
    "give_penalty",
    "guest_of",
    "issue_token",
    "note_login",
    "reactivate_member",
    "review_verification",
    "revoke_penalty",
    "revoke_token",
    "set_default_address",
    "set_integrity_grade",
    "set_language",
    "sign_up",
    "submit_verification",
]
