"""What roles are called, for those who choose or read them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pifa.kernel.actors import Role

ROLE_LABELS: Mapping[Role, str | Promise] = {
    Role.OWNER: _("主账号"),
    Role.PURCHASER: _("采购"),
    Role.CLERK: _("业务员"),
    Role.FINANCE: _("财务"),
}
