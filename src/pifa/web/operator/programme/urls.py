"""The addresses of the programme's pages within the console."""

from __future__ import annotations

from pifa.web.operator.programme import (
    appeals_page,
    application_page,
    care_page,
    desk_page,
    freezes_page,
    seasons_page,
    war_room_page,
)

PAGES = [
    ("programme/seasons/", seasons_page.seasons, "seasons"),
    ("programme/seasons/publish/", seasons_page.publish, "season_publish"),
    ("programme/applications/", desk_page.desk, "programme_desk"),
    ("programme/applications/decide/", desk_page.decide_many, "programme_decide"),
    ("programme/enrolments/<int:pk>/", application_page.enrolment, "programme_enrolment"),
    ("programme/proofs/<int:pk>/", application_page.proof, "programme_proof"),
    ("programme/rehearsals/<int:pk>/", application_page.rehearsal, "programme_rehearsal"),
    ("programme/appeals/", appeals_page.appeals, "programme_appeals"),
    ("programme/appeals/<int:pk>/", appeals_page.appeal, "programme_appeal"),
    ("programme/freezes/", freezes_page.freezes, "programme_freezes"),
    ("programme/freezes/<int:pk>/", freezes_page.freeze, "programme_freeze"),
    ("programme/marks/", freezes_page.marks, "programme_marks"),
    ("programme/mine/", care_page.mine, "programme_mine"),
    ("programme/managers/", care_page.assign, "programme_assign"),
    ("programme/war-room/", war_room_page.newest, "war_room_newest"),
    ("programme/war-room/<str:code>/", war_room_page.war_room, "war_room"),
    ("programme/war-room/<str:code>/sheet/", war_room_page.sheet, "war_room_sheet"),
    ("programme/seasons/<str:code>/", seasons_page.season, "season"),
    (
        "programme/war-room/<str:code>/<int:company>/",
        war_room_page.member,
        "programme_member",
    ),
    ("programme/seasons/<str:code>/dry/<str:checkpoint>/", seasons_page.dry_run, "season_dry_run"),
    (
        "programme/seasons/<str:code>/dry/<str:checkpoint>/sheet/",
        seasons_page.dry_sheet,
        "season_dry_sheet",
    ),
]
