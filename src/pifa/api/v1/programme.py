"""The key-account programme for its sellers: calendar, way in, rehearsal, dashboard, benefits."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import File, Form, UploadedFile

from pifa.api.auth import actor_of
from pifa.api.fields import PathId, listed
from pifa.api.problems import TooLarge
from pifa.api.routing import OPEN, Topic
from pifa.api.v1 import programme_telling as telling
from pifa.api.v1.programme_shapes import (
    AppealIn,
    AppealOut,
    ApplicationsOut,
    BenefitBoardOut,
    Code,
    DashboardOut,
    EnrolIn,
    EnrolmentOut,
    ProofIn,
    ProofOut,
    RehearsalBoardOut,
    RehearsalOut,
    SeasonPage,
    VerdictPage,
    WayInOut,
)
from pifa.kernel.uploaded import uploaded_answer
from pifa.parties import policies as parties
from pifa.programme import commands
from pifa.programme.queries import applications as applied
from pifa.programme.queries import seasons as all_seasons
from pifa.programme.queries.benefit_board import benefit_board
from pifa.programme.queries.dashboard import dashboard, verdicts
from pifa.programme.queries.rehearsal_board import rehearsal_board
from pifa.programme.queries.ways import way_in
from pifa.programme.rules.entry import Targets
from pifa.trade.invoices.files import CONTENT_TYPES, MAX_BYTES

topic = Topic()

PROOF_FILES = {
    kind: {"schema": {"type": "string", "format": "binary"}} for kind in CONTENT_TYPES.values()
}


@topic.reads(
    "/programme/seasons",
    SeasonPage,
    _("活动季日历"),
    _("已公布、进行中和仍保留权益的活动季；不需要登录。"),
    auth=OPEN,
)
def seasons(request: HttpRequest) -> object:
    return listed([telling.season(request, one) for one in all_seasons.seasons()])


@topic.reads(
    "/programme/seasons/{code}/way",
    WayInOut,
    _("报名条件与入口"),
    _("逐项说明门槛和参考、本企业的数值、还差多少，以及彩排和报名今天是否开放。"),
)
def programme_way(request: HttpRequest, code: Code) -> object:
    return telling.way(way_in(actor_of(request), code))


@topic.reads("/programme/seasons/{code}/applications", ApplicationsOut, _("本季的申请"))
def programme_applications(request: HttpRequest, code: Code) -> object:
    return applied.applications(actor_of(request), all_seasons.season(code).code)


@topic.writes(
    "POST",
    "/programme/seasons/{code}/rehearsals",
    RehearsalOut,
    _("报名彩排"),
    _("报当前开放的一轮；小二审核后开始，次日开放看板。"),
    status=201,
)
def sign_up_rehearsal(request: HttpRequest, code: Code) -> object:
    actor = actor_of(request)
    made = commands.sign_up(actor, code)
    found = applied.applications(actor, code).rehearsals
    return next(one for one in found if one.id == made.pk)


@topic.reads(
    "/programme/seasons/{code}/rehearsal",
    RehearsalBoardOut,
    _("彩排看板"),
    _("三个条件实时计算，哪些订单计入、其余为什么不计；通过审核的次日开放。"),
)
def programme_rehearsal(request: HttpRequest, code: Code) -> object:
    return telling.rehearsal(rehearsal_board(actor_of(request), code))


@topic.writes(
    "POST",
    "/programme/seasons/{code}/enrolments",
    EnrolmentOut,
    _("提交报名"),
    _("目标不得低于部门下限；门槛没有达到时说明理由申请特批。"),
    status=201,
)
def enrol(request: HttpRequest, code: Code, wanted: EnrolIn) -> object:
    actor = actor_of(request)
    targets = Targets(wanted.month.fen, wanted.peak.fen if wanted.peak else 0)
    made = commands.enrol(actor, code, targets, wanted.declared, wanted.exception)
    return applied.enrolment(actor, made.pk)


@topic.reads(
    "/programme/enrolments/{enrolment_id}", EnrolmentOut, _("一份报名"), _("审核意见也在内。")
)
def enrolment(request: HttpRequest, enrolment_id: PathId) -> object:
    return applied.enrolment(actor_of(request), enrolment_id)


@topic.writes(
    "DELETE",
    "/programme/enrolments/{enrolment_id}",
    None,
    _("撤回报名"),
    _("只能撤回还没有审核完的报名。"),
)
def withdraw_enrolment(request: HttpRequest, enrolment_id: PathId) -> None:
    commands.withdraw(actor_of(request), enrolment_id)


@topic.writes(
    "POST",
    "/programme/enrolments/{enrolment_id}/proofs",
    ProofOut,
    _("补充证明"),
    _("说明、金额和文件；文件为 PDF、OFD、PNG 或 JPG，按内容检查，只有本企业和平台能打开。"),
    status=201,
)
def add_proof(
    request: HttpRequest,
    enrolment_id: PathId,
    proof: Form[ProofIn],
    file: File[UploadedFile | None] = None,
) -> object:
    if file is not None and (file.size or 0) > MAX_BYTES:
        raise TooLarge
    actor = actor_of(request)
    made = commands.prove(
        actor,
        enrolment_id,
        proof.kind,
        proof.words,
        amount=proof.amount,
        data=file.read() if file is not None else b"",
        name=(file.name or "") if file is not None else "",
    )
    found = applied.enrolment(actor, enrolment_id).proofs
    return next(one for one in found if one.id == made.pk)


@topic.reads(
    "/programme/proofs/{proof_id}/file",
    None,
    _("下载证明文件"),
    _("只有本企业和平台。"),
    content=PROOF_FILES,
)
def proof_file(request: HttpRequest, proof_id: PathId) -> HttpResponse:
    view, content = applied.proof_file(actor_of(request), proof_id)
    return uploaded_answer(content, CONTENT_TYPES[view.format], view.name)


@topic.reads(
    "/programme/seasons/{code}/dashboard",
    DashboardOut,
    _("通天看板"),
    _("进度、节拍、今天与上月同日、待考核的节点及后果、节奏目标、大促当日每小时、名次和考核结果。"),
)
def programme_dashboard(request: HttpRequest, code: Code) -> object:
    actor = actor_of(request)
    return telling.dashboard(dashboard(actor, parties.require(actor), code))


@topic.reads(
    "/programme/seasons/{code}/verdicts", VerdictPage, _("考核结果"), _("有效的结果，按节点先后。")
)
def programme_verdicts(request: HttpRequest, code: Code) -> object:
    actor = actor_of(request)
    found = verdicts(actor, parties.require(actor), code)
    return listed([telling.verdict(one) for one in found])


@topic.writes(
    "POST",
    "/programme/verdicts/{verdict_id}/appeal",
    AppealOut,
    _("对考核结果申诉"),
    _("没有通过的结果可以申诉一次；通天商家的申诉优先处理。"),
    status=201,
)
def appeal_verdict(request: HttpRequest, verdict_id: PathId, said: AppealIn) -> object:
    return telling.appeal(commands.appeal(actor_of(request), verdict_id, said.words))


@topic.reads(
    "/programme/seasons/{code}/benefits",
    BenefitBoardOut,
    _("权益与赛道"),
    _("每项权益持有与否和原因，九条赛道的门槛、档位和本企业的数值。"),
)
def programme_benefits(request: HttpRequest, code: Code) -> object:
    return telling.benefits(benefit_board(actor_of(request), code))
