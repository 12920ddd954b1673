"""Staged payment: the plan a seller begins with, an order's stages and its production."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from ninja import File, Form, Schema, UploadedFile
from pydantic import Field

from pifa.api.auth import actor_of
from pifa.api.fields import WHOLE, Amount, In, Line, Number, Out, PathId, Yuan
from pifa.api.files import PICTURE_FILES, picture_bytes
from pifa.api.routing import Topic
from pifa.catalog import commands as catalog
from pifa.catalog import queries as plans
from pifa.catalog.rules import StagedPlan
from pifa.trade.staged import commands, queries
from pifa.trade.staged.progress import note_progress
from pifa.trade.staged.rules import MAX_PICTURES

topic = Topic()
Days = Annotated[int, Field(ge=0, le=1000), WHOLE]


class StagedPlanIn(In):
    """How orders are paid in stages. The deposit is a share in hundredths of a per cent
    (`deposit_bp`: 3000 is 30 %) or an amount, one of them."""

    deposit_bp: Annotated[int, Field(ge=0, le=10_000), WHOLE] | None = None
    deposit: Amount | None = None
    production_days: Days
    balance_days: Days = 7
    keeper: Literal["seller", "buyer"] = "seller"

    def plan(self) -> StagedPlan:
        """The plan as a value."""
        return StagedPlan(
            production_days=self.production_days,
            balance_days=self.balance_days,
            deposit_bp=self.deposit_bp,
            deposit_fen=self.deposit.fen if self.deposit is not None else None,
            keeper=self.keeper,
        )


class StagedPlanOut(Out):
    """How orders are paid in stages; `keeper` has the deposit when the balance lapses."""

    deposit_bp: int | None
    deposit: Yuan | None
    production_days: int
    balance_days: int
    keeper: str


class DefaultPlanIn(In):
    """The plan for new offers, or none."""

    plan: StagedPlanIn | None


class DefaultPlanOut(Out):
    plan: StagedPlanOut | None


class StageToldOut(Out):
    """One amount of an order's schedule. `position` names it as `part` to who pays it; `state` is
    paid, promised, now, later or waived."""

    position: int
    purpose: str
    label: str
    amount: Yuan
    state: str
    state_label: str
    method_label: str
    at: datetime | None
    due_at: datetime | None
    words: str


class ProductionNoteOut(Out):
    """A word of the seller on production; pictures by id."""

    at: datetime
    percent: int
    text: str
    picture_ids: list[int]


class ProductionOut(Out):
    """How far production is. From `cancel_from` on the buyer may leave the order; `balance_at` is
    when all of the balance was paid or promised, `ended` that the order closed unmade."""

    plan: StagedPlanOut
    percent: int
    deposit_at: datetime | None
    balance_at: datetime | None
    produce_by: datetime | None
    finished_at: datetime | None
    balance_by: datetime | None
    cancel_from: datetime | None
    may_cancel: bool
    ended: bool
    notes: list[ProductionNoteOut]


class StagesOut(Out):
    """An order's stages in their order, and its production if it is paid in stages."""

    stages: list[StageToldOut]
    production: ProductionOut | None


class ProgressIn(Schema):
    """How far production is, in per cent and in words."""

    percent: Annotated[int, Field(ge=0, le=100)]
    text: Line = ""


class CancelIn(In):
    """Why; may be left empty."""

    reason: Line = ""


@topic.reads("/staged-plan", DefaultPlanOut, _("新货品的分阶段付款约定"), _("卖家。"))
def default_plan(request: HttpRequest) -> dict[str, Any]:
    return {"plan": plans.default_plan(actor_of(request))}


@topic.writes(
    "PUT",
    "/staged-plan",
    DefaultPlanOut,
    _("改新货品的分阶段付款约定"),
    _("卖家；已有的货品不变。"),
)
def set_default_plan(request: HttpRequest, wanted: DefaultPlanIn) -> dict[str, Any]:
    catalog.set_default_plan(actor_of(request), wanted.plan.plan() if wanted.plan else None)
    return default_plan(request)


@topic.reads(
    "/orders/{number}/stages",
    StagesOut,
    _("订单的付款安排和生产进度"),
    _("买卖双方；已付、约定、待付各是多少，何时到期。"),
)
def stages(request: HttpRequest, number: Number) -> dict[str, Any]:
    story = queries.payment_story(actor_of(request), number)
    production = story.production
    told: dict[str, Any] | None = None
    if production is not None:
        names = set(ProductionOut.model_fields) - {"notes"}
        told = {name: getattr(production, name) for name in names}
        told["notes"] = [
            {
                "at": note.at,
                "percent": note.percent,
                "text": note.text,
                "picture_ids": [picture_id for picture_id, _w, _h in note.pictures],
            }
            for note in production.notes
        ]
    return {"stages": story.stages, "production": told}


@topic.writes(
    "POST",
    "/orders/{number}/production",
    StagesOut,
    _("发布生产进度"),
    _("卖家；图片只有订单双方看得到。"),
)
def progress(
    request: HttpRequest,
    number: Number,
    said: Form[ProgressIn],
    pictures: Annotated[list[UploadedFile] | None, File()] = None,
) -> dict[str, Any]:
    # One more than there may be is enough to be refused.
    data = [picture_bytes(picture) for picture in (pictures or [])[: MAX_PICTURES + 1]]
    note_progress(actor_of(request), number, said.percent, said.text, data)
    return stages(request, number)


@topic.reads(
    "/orders/{number}/production/pictures/{picture_id}",
    None,
    _("生产进度的图片"),
    _("买卖双方。"),
    content=PICTURE_FILES,
)
def production_picture(
    request: HttpRequest, number: Number, picture_id: PathId
) -> HttpResponseBase:
    path = queries.production_picture(actor_of(request), number, picture_id)
    return FileResponse(path.open("rb"), content_type=f"image/{path.suffix.removeprefix('.')}")


@topic.writes(
    "POST",
    "/orders/{number}/production/finish",
    StagesOut,
    _("完成生产"),
    _("卖家；买家随即须付尾款，已提前付清的等待发货。"),
)
def finish_production(request: HttpRequest, number: Number) -> dict[str, Any]:
    commands.finish_production(actor_of(request), number)
    return stages(request, number)


@topic.writes(
    "POST",
    "/orders/{number}/production/cancel",
    StagesOut,
    _("取消生产中的订单"),
    _("卖家；已付的款项全额退回。"),
)
def cancel_production(request: HttpRequest, number: Number, why: CancelIn) -> dict[str, Any]:
    commands.cancel_production(actor_of(request), number, why.reason)
    return stages(request, number)


@topic.writes(
    "POST",
    "/orders/{number}/production/leave",
    StagesOut,
    _("取消生产逾期的订单"),
    _("买家；卖家逾期且过了宽限期，已付的款项全额退回。"),
)
def cancel_late(request: HttpRequest, number: Number) -> dict[str, Any]:
    commands.cancel_late(actor_of(request), number)
    return stages(request, number)
