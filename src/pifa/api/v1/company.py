"""The company: its card, its shop, verification, membership, buyer protection, penalties."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import File, Form, Query, UploadedFile
from pydantic import Field

from pifa.api.auth import actor_of
from pifa.api.fields import (
    WHOLE,
    Flag,
    Id,
    In,
    Line,
    Out,
    PageOut,
    PathId,
    Region,
    Text,
    Yuan,
    listed,
)
from pifa.api.files import picture_bytes
from pifa.api.routing import OPEN, Topic
from pifa.catalog import commands as catalog
from pifa.catalog import queries as goods
from pifa.finance import commands as finance
from pifa.finance import queries as money
from pifa.kernel.errors import NotFound
from pifa.parties import commands, queries
from pifa.parties.models import PenaltyEntry, Verification
from pifa.parties.policies import require

topic = Topic()


class CompanyOut(Out):
    """What anybody may know of a company."""

    id: int
    name: str
    login: str
    is_seller: bool
    region: str
    city: str
    is_verified: bool
    verified_name: str
    integrity_grade: str
    is_member: bool
    member_since: date | None


class CompanyPage(PageOut):
    items: list[CompanyOut]


class ProfileIn(In):
    """How the company calls itself and where it is found."""

    name: Line
    region: Region
    city: Line
    phone: Line = ""


class ShopOut(Out):
    """A shop."""

    company_id: int
    company_name: str
    name: str
    slug: str
    introduction: str
    announcement: str
    mobile_open: bool
    opened_at: datetime
    region: str
    city: str
    integrity_grade: str
    main_category_id: int
    medal_system: str
    department: str


class OpenShopIn(In):
    """A new shop; its main category decides the medal system and the department."""

    name: Line
    main_category_id: Id
    introduction: Text = ""
    mobile_open: Flag = True


class ShopIn(In):
    """What a shop says of itself."""

    name: Line
    introduction: Text = ""
    announcement: Line = ""
    mobile_open: Flag = True


class VerificationIn(In):
    """Who the company is. `licence_no`: a unified social credit code, or an identity number."""

    kind: Literal["enterprise", "personal"]
    legal_name: Line = Field(min_length=1)
    licence_no: Line = Field(min_length=1)
    representative: Line = ""


class VerificationOut(Out):
    """A verification and what was made of it."""

    id: int
    kind: str
    legal_name: str
    licence_no: str
    state: str
    reason: str
    submitted_at: datetime
    reviewed_at: datetime | None


class VerificationPage(PageOut):
    items: list[VerificationOut]


class MembershipIn(In):
    """How many years of 诚信通."""

    years: Annotated[int, Field(ge=1, le=100), WHOLE]


class MembershipOut(Out):
    """The membership that was bought; both days count."""

    member_since: date | None
    member_until: date | None


class ProtectionOut(Out):
    """The company's part in buyer protection; `covered` by a performance bond instead of the deposit."""

    joined: bool
    required: Yuan
    deposit: Yuan
    covered: Yuan
    missing: Yuan
    joined_at: datetime | None


class ProtectionStartOut(Out):
    """Joined from the balance, or the payable by which the missing deposit is paid."""

    joined: bool
    missing: Yuan
    payable_number: str | None


class ReturnedDepositOut(Out):
    """What went back to the balance."""

    returned: Yuan


class PenaltyOut(Out):
    """Penalty points with their reason."""

    id: int
    points: int
    reason: str
    given_at: datetime
    revoked_at: datetime | None
    revoke_reason: str


class PenaltyPage(PageOut):
    items: list[PenaltyOut]


@topic.reads("/company", CompanyOut, _("自己的企业"))
def own_company(request: HttpRequest) -> object:
    return queries.company(require(actor_of(request)))


@topic.writes("PUT", "/company", None, _("修改企业资料"), _("主账号。"))
def change_company(request: HttpRequest, profile: ProfileIn) -> None:
    commands.change_profile(actor_of(request), **profile.model_dump())


@topic.reads("/companies", CompanyPage, _("按名称查找企业"), _("最多 20 家，卖家在前。"))
def find_companies(
    request: HttpRequest, q: Annotated[str, Query(min_length=1, max_length=60)]
) -> object:
    return listed(queries.companies_by_name(q))


@topic.reads("/companies/{company_id}", CompanyOut, _("企业名片"), auth=OPEN)
def company(request: HttpRequest, company_id: PathId) -> object:
    return queries.company(company_id)


@topic.reads("/company/shop", ShopOut, _("自己的店铺"), _("没有开店时是 404。"))
def own_shop(request: HttpRequest) -> object:
    shop = goods.own_shop(actor_of(request))
    if shop is None:
        raise NotFound
    return shop


@topic.writes(
    "POST", "/company/shop", ShopOut, _("开店"), _("企业由此成为卖家。主账号。"), status=201
)
def open_shop(request: HttpRequest, new: OpenShopIn) -> object:
    shop = catalog.open_shop(actor_of(request), **new.model_dump())
    return goods.shop_info(shop.company_id)


@topic.writes("PUT", "/company/shop", ShopOut, _("修改店铺资料"))
def change_shop(request: HttpRequest, shop: ShopIn) -> object:
    actor = actor_of(request)
    catalog.change_shop(actor, **shop.model_dump())
    return goods.own_shop(actor)


@topic.reads("/company/verifications", VerificationPage, _("认证记录"))
def verifications(request: HttpRequest) -> object:
    actor = actor_of(request)
    return listed([_verification(row) for row in queries.verifications(actor, require(actor))])


@topic.writes(
    "POST",
    "/company/verifications",
    VerificationOut,
    _("提交认证"),
    _("企业认证要附营业执照的照片（document）。由运营人员审核。"),
    status=201,
)
def submit_verification(
    request: HttpRequest,
    verification: Form[VerificationIn],
    document: File[UploadedFile | None] = None,
) -> dict[str, Any]:
    row = commands.submit_verification(
        actor_of(request),
        verification.kind,
        verification.legal_name,
        verification.licence_no,
        picture_bytes(document) if document is not None else None,
        verification.representative,
    )
    return _verification(row)


@topic.writes("POST", "/company/membership", MembershipOut, _("开通或续费诚信通"))
def buy_membership(request: HttpRequest, bought: MembershipIn) -> object:
    return commands.buy_membership(actor_of(request), bought.years)


@topic.reads("/company/protection", ProtectionOut, _("买家保障"))
def protection(request: HttpRequest) -> object:
    return money.protection(require(actor_of(request)))


@topic.writes(
    "POST",
    "/company/protection",
    ProtectionStartOut,
    _("加入买家保障"),
    _("余额足够时立即冻结保证金；不够时给出补足保证金的应付单。"),
)
def join_protection(request: HttpRequest) -> object:
    return finance.join_buyer_protection(actor_of(request))


@topic.writes("DELETE", "/company/protection", ReturnedDepositOut, _("退出买家保障"))
def leave_protection(request: HttpRequest) -> dict[str, Any]:
    return {"returned": finance.leave_buyer_protection(actor_of(request))}


@topic.reads("/company/penalties", PenaltyPage, _("扣分记录"))
def penalties(request: HttpRequest) -> object:
    actor = actor_of(request)
    return listed([penalty_data(row) for row in queries.penalties(actor, require(actor))])


def penalty_data(row: PenaltyEntry) -> dict[str, Any]:
    """A penalty entry as an answer."""
    names = ("points", "reason", "given_at", "revoked_at", "revoke_reason")
    return {"id": row.pk} | {name: getattr(row, name) for name in names}


def _verification(row: Verification) -> dict[str, Any]:
    names = ("kind", "legal_name", "licence_no", "state", "reason", "submitted_at", "reviewed_at")
    return {"id": row.pk} | {name: getattr(row, name) for name in names}
