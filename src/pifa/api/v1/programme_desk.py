"""The key-account programme for the market's staff: seasons, reviews, the war room, appeals, freezes.

Each endpoint asks for the permission that its page in the console asks for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query
from pydantic import Field

from pifa.api.auth import staff_of
from pifa.api.fields import Paging, PathId, listed
from pifa.api.routing import Topic
from pifa.api.v1 import programme_desk_data as data
from pifa.api.v1.programme_desk_shapes import (
    AppealAnswerIn,
    ApplicationFileOut,
    ApplicationPage,
    AssignedOut,
    CheckedOut,
    DecidedPage,
    DryRunOut,
    EvidenceIn,
    FreezeOut,
    FreezePage,
    ManagerIn,
    ManyOpinionsIn,
    MarkIn,
    MarkPage,
    OperatedAppealFileOut,
    OperatedAppealPage,
    OperatedSeasonOut,
    OperatedSeasonPage,
    OpinionIn,
    SeasonIn,
    WarRoomOut,
    WhyIn,
)
from pifa.kernel.errors import InvalidInput
from pifa.kernel.paging import Page
from pifa.programme import commands, shelf
from pifa.programme.commands import Decided
from pifa.programme.queries import holding_back, review_queue, season_board, verdicts
from pifa.programme.queries.application import enrolment_file
from pifa.programme.queries.review_queue import Asked
from pifa.programme.queries.war_room import NOBODY, Narrow, war_room
from pifa.programme.reading import read_text

topic = Topic()

Code = Annotated[str, Field(max_length=40, pattern=r"^[0-9A-Za-z_-]+$")]
"""The code of a season, checkpoint, department or mark."""

Asking = Annotated[str, Query(), Field(max_length=60)]

MOST = 5_000
"""Members in one answer of the war room; the sums are of all."""


# ------------------------------------------------------------------------------------ seasons
@topic.reads("/operator/programme/seasons", OperatedSeasonPage, _("活动季列表"), _("最近的在前。"))
def operated_seasons(request: HttpRequest) -> object:
    actor = staff_of(request, "programme.view_seasonrow")
    return listed([data.season_data(one) for one in season_board.boards(actor)])


@topic.reads("/operator/programme/seasons/{season}", OperatedSeasonOut, _("一个活动季及其考核"))
def operated_season(request: HttpRequest, season: Code) -> object:
    actor = staff_of(request, "programme.view_seasonrow")
    return data.season_data(season_board.board(actor, season))


@topic.writes(
    "POST",
    "/operator/programme/seasons/check",
    CheckedOut,
    _("检查活动季文件"),
    _("列出全部问题及其行号；不发布，也不保存。"),
)
def check_season(request: HttpRequest, given: SeasonIn) -> dict[str, Any]:
    staff_of(request, "programme.add_seasonrow")
    read = read_text(given.text, "season", given.month, shelf.categories_of_market())
    mistakes = [{"line": one.line, "reason": one.words()} for one in read.problems]
    if read.season is None:
        return {"sound": False, "mistakes": mistakes}
    span = read.season.span
    return {
        "sound": True,
        "code": read.season.code,
        "first_day": span.first,
        "last_day": span.last,
        "mistakes": mistakes,
    }


@topic.writes(
    "POST",
    "/operator/programme/seasons",
    OperatedSeasonOut,
    _("发布活动季"),
    _("发布后规则不再更改，日程自动执行。"),
    status=201,
)
def publish_season(request: HttpRequest, given: SeasonIn) -> object:
    actor = staff_of(request, "programme.add_seasonrow")
    row = commands.publish(actor, given.text, given.month)
    return data.season_data(season_board.board(actor, row.code))


@topic.reads(
    "/operator/programme/seasons/{season}/checkpoints/{checkpoint}/dry-run",
    DryRunOut,
    _("试算考核节点"),
    _("按现在的数据，不改变任何东西；差得最多的在前。"),
)
def dry_run(request: HttpRequest, season: Code, checkpoint: Code) -> dict[str, Any]:
    actor = staff_of(request, "programme.view_seasonrow")
    found = season_board.dry(actor, season, checkpoint)
    return {
        "season": season,
        "checkpoint": checkpoint,
        "done": found.done,
        "members": [data.dry_data(one) for one in found.lines],
    }


# ------------------------------------------------------------------------------------ reviewing
@topic.reads(
    "/operator/programme/applications",
    ApplicationPage,
    _("待审的报名与彩排"),
    _("等待最久的在前；已有结论的，最近的在前。"),
)
def applications(
    request: HttpRequest,
    page: Paging,
    tab: Annotated[
        Literal["enrolments", "exceptions", "second", "rehearsals", "approved", "refused"], Query()
    ] = "enrolments",
    season: Asking = "",
    round: Asking = "",
    department: Asking = "",
    entry: Asking = "",
    q: Asking = "",
) -> object:
    actor = staff_of(request, "programme.change_enrolment")
    asked = Asked(season, round, department, entry, q)
    found = review_queue.queue(actor, tab, asked, page.cursor, page.size)
    return _paged(found, [data.application_data(one) for one in found.items])


@topic.reads(
    "/operator/programme/enrolments/{enrolment_id}", ApplicationFileOut, _("一份报名及其条件")
)
def application(request: HttpRequest, enrolment_id: PathId) -> object:
    actor = staff_of(request, "programme.change_enrolment")
    return data.file_data(enrolment_file(actor, enrolment_id))


@topic.writes(
    "POST",
    "/operator/programme/enrolments/decisions",
    DecidedPage,
    _("批量审核报名"),
    _("每份各自处理，答案逐份说明；重复提交不会重复处理。特批需要另一位小二复审。"),
)
def decide_enrolments(request: HttpRequest, said: ManyOpinionsIn) -> object:
    actor = staff_of(request, "programme.change_enrolment")
    found = commands.decide_all(actor, said.ids, approve=said.approve, reason=said.reason)
    return listed(_decided(found))


@topic.writes(
    "POST",
    "/operator/programme/rehearsals/decisions",
    DecidedPage,
    _("批量审核彩排"),
    _("每份各自处理，答案逐份说明。"),
)
def decide_rehearsals(request: HttpRequest, said: ManyOpinionsIn) -> object:
    actor = staff_of(request, "programme.change_enrolment")
    found = commands.decide_rehearsals(actor, said.ids, approve=said.approve, reason=said.reason)
    return listed(_decided(found))


@topic.writes(
    "POST",
    "/operator/programme/enrolments/{enrolment_id}/decision",
    ApplicationFileOut,
    _("审核报名"),
)
def decide_enrolment(request: HttpRequest, enrolment_id: PathId, said: OpinionIn) -> object:
    actor = staff_of(request, "programme.change_enrolment")
    commands.decide(actor, enrolment_id, approve=said.approve, reason=said.reason)
    return data.file_data(enrolment_file(actor, enrolment_id))


@topic.writes(
    "POST",
    "/operator/programme/enrolments/{enrolment_id}/evidence",
    ApplicationFileOut,
    _("记录核实结果"),
    status=201,
)
def note_evidence(request: HttpRequest, enrolment_id: PathId, found: EvidenceIn) -> object:
    actor = staff_of(request, "programme.change_enrolment")
    if found.metric == "yearly_revenue":
        if found.revenue is None:
            raise InvalidInput(field="revenue", reason=_("请填写核实到的年营业额。"))
        value = found.revenue.fen
    else:
        value = int(found.infringes)
    commands.note_evidence(actor, enrolment_id, found.metric, value, found.words)
    return data.file_data(enrolment_file(actor, enrolment_id))


# ------------------------------------------------------------------------------------ members
@topic.reads(
    "/operator/programme/seasons/{season}/members",
    WarRoomOut,
    _("作战室"),
    _("全部商家，落后的在前；最多 5000 家，合计是全部的。"),
)
def season_members(
    request: HttpRequest,
    season: Code,
    checkpoint: Asking = "",
    department: Asking = "",
    manager: Annotated[int | None, Query(), Field(ge=NOBODY)] = None,
    pace: Annotated[Literal["", "behind", "unknown", "on_pace", "reached"], Query()] = "",
    traffic: Annotated[bool | None, Query()] = None,
    q: Asking = "",
) -> object:
    actor = staff_of(request, "programme.view_membership")
    narrow = Narrow(department, manager, pace, q, traffic)
    return data.room_data(war_room(actor, season, narrow, checkpoint), MOST)


@topic.writes(
    "PUT",
    "/operator/programme/managers",
    AssignedOut,
    _("分配客户经理"),
    _("不给 user_id 即取消。"),
)
def assign_manager(request: HttpRequest, given: ManagerIn) -> dict[str, int]:
    actor = staff_of(request, "programme.change_membership")
    return {"members": commands.assign_manager(actor, given.membership_ids, given.user_id)}


# ------------------------------------------------------------------------------------ appeals
@topic.reads(
    "/operator/programme/appeals",
    OperatedAppealPage,
    _("考核申诉列表"),
    _("待处理的：持有通天商家标的在前，其次等待最久的。"),
)
def operated_appeals(
    request: HttpRequest,
    page: Paging,
    tab: Annotated[Literal["open", "decided"], Query()] = "open",
    q: Asking = "",
) -> object:
    actor = staff_of(request, "programme.view_appeal")
    found = verdicts.appeals(actor, tab, q, page.cursor, page.size)
    return _paged(found, [data.appeal_data(one) for one in found.items])


@topic.reads(
    "/operator/programme/appeals/{appeal_id}", OperatedAppealFileOut, _("一件申诉及考核记录")
)
def operated_appeal(request: HttpRequest, appeal_id: PathId) -> object:
    file = verdicts.appeal_file(staff_of(request, "programme.view_appeal"), appeal_id)
    return {
        **data.appeal_data(file.appeal),
        "verdicts": [data.given_data(one) for one in file.verdicts],
    }


@topic.writes(
    "POST",
    "/operator/programme/appeals/{appeal_id}/decision",
    OperatedAppealFileOut,
    _("处理申诉"),
    _("成立时考核结果改为通过。"),
)
def decide_appeal(request: HttpRequest, appeal_id: PathId, said: AppealAnswerIn) -> object:
    actor = staff_of(request, "programme.change_appeal")
    commands.decide_appeal(actor, appeal_id, uphold=said.uphold, answer=said.answer)
    return operated_appeal(request, appeal_id)


# ------------------------------------------------------------------------------------ freezes
@topic.reads("/operator/programme/freezes", FreezePage, _("冻结列表"), _("最近的在前。"))
def freezes(
    request: HttpRequest,
    page: Paging,
    tab: Annotated[Literal["in_force", "over"], Query()] = "in_force",
    q: Asking = "",
) -> object:
    actor = staff_of(request, "programme.view_freeze")
    return holding_back.freezes(actor, tab, q, page.cursor, page.size)


@topic.writes(
    "POST",
    "/operator/programme/freezes/{freeze_id}/lift",
    FreezeOut,
    _("提前解除冻结"),
    _("因虚假交易裁定的冻结随裁定解除。"),
)
def lift_freeze(request: HttpRequest, freeze_id: PathId, said: WhyIn) -> object:
    actor = staff_of(request, "programme.change_freeze")
    commands.lift_freeze(actor, freeze_id, said.reason)
    return holding_back.freeze(actor, freeze_id)


@topic.reads("/operator/programme/companies/{company_id}/marks", MarkPage, _("一家商家的赛道标记"))
def marks(
    request: HttpRequest,
    company_id: PathId,
    page: Paging,
    ended: Annotated[bool, Query()] = False,
) -> object:
    actor = staff_of(request, "programme.view_mark")
    return holding_back.marks(
        actor, company_id=company_id, ended=ended, cursor=page.cursor, size=page.size
    )


@topic.writes(
    "POST",
    "/operator/programme/companies/{company_id}/marks",
    None,
    _("记录赛道标记"),
)
def mark(request: HttpRequest, company_id: PathId, said: MarkIn) -> None:
    actor = staff_of(request, "programme.change_mark")
    commands.mark(actor, company_id, said.code, said.reason)


@topic.writes(
    "POST",
    "/operator/programme/companies/{company_id}/marks/{code}/end",
    None,
    _("撤销赛道标记"),
)
def unmark(request: HttpRequest, company_id: PathId, code: Code, said: WhyIn) -> None:
    actor = staff_of(request, "programme.change_mark")
    commands.unmark(actor, company_id, code, said.reason)


def _paged(found: Page[Any], items: Sequence[Any]) -> dict[str, Any]:
    return {"items": items, "next_cursor": found.next_cursor}


def _decided(found: Sequence[Decided]) -> list[dict[str, Any]]:
    return [
        {"id": one.id, "state": one.state, "refused": str(one.refused) if one.refused else ""}
        for one in found
    ]
