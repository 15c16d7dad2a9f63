"""Every way into the application, and who gets through it: the list is the application's own."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.routing import Match

from hub.core.people import AT_THE_CONSOLE, NOBODY, ROLES_MAY, Permission, Principal, PrincipalKind, Role
from hub.web.csrf import token_of
from hub.web.failures import Failures
from hub.web.gate import (
    PUBLIC,
    SIGNED_IN,
    GatedRoute,
    Need,
    UndeclaredRoute,
    declared_routes,
    gated,
    needs,
    require_declarations,
)
from hub.web.refusals import NotAllowed, NotSignedIn

OURS = {"Sec-Fetch-Site": "same-origin", "X-Requested-With": "test"}
SEE, WORK, REPORTS = Permission.SEE_FLEET, Permission.WORK_ON_TICKETS, Permission.SEE_REPORTS
ASK = Permission.MAKE_REQUESTS
ASSETS, KEEP = Permission.SEE_ASSETS, Permission.KEEP_ASSETS
EVERYBODY, EVERY_PERSON = "everybody", "every person"
PLACE = {
    "kind": "csv",
    "batch_id": "1",
    "survey_id": "1",
    "sheet_id": "1",
    "period": "2570-q1",
    "group": "cpm3",
    "node": "30010012",
    "device": "p1-tv",
    "room": "ป.1",
    "key": "p1-tv",
    "ticket_id": "1",
    "way_id": "1",
    "role": "technician",
    "hook_id": "1",
    "desk": "office",
    "subject": "ticket:1",
    "delivery_id": "1",
    "request_type": "software_install",
    "number": "1",
    "form": "F08",
    "code": "LNB-U",
    "file_id": "1",
    "photo_id": "1",
    "asset_id": "1",
    "trip_id": "1",
    "transition": "inspect",
    "line": "1",
    "stage": "reserved",
    "year": "2570",
    "entry": "1",
}
OTHER = {**PLACE, "node": "30010027", "ticket_id": "3"}
TABLE: dict[tuple[str, str], Any] = {
    ("GET", "/"): EVERY_PERSON,
    ("GET", "/mine"): SEE,
    ("GET", "/map/boundaries.json"): Permission.SEE_OWN_SCHOOL,
    ("GET", "/schools/{group}/{node}"): SEE,
    ("GET", "/schools/{group}/{node}/computer"): SEE,
    ("GET", "/schools/{group}/{node}/devices/{device}"): SEE,
    ("GET", "/schools/{group}/{node}/background"): SEE,
    ("GET", "/schools/{group}/{node}/rooms/{room}"): SEE,
    ("GET", "/schools/{group}/{node}/series.csv"): SEE,
    ("POST", "/schools/{group}/{node}/devices/{device}/adopt"): Permission.ADOPT,
    ("GET", "/tickets"): SEE,
    ("GET", "/tickets/{ticket_id}"): SEE,
    ("POST", "/tickets/{ticket_id}/steps/{transition}"): WORK,
    ("GET", "/worker.js"): EVERYBODY,
    ("GET", "/manifest.webmanifest"): EVERYBODY,
    ("GET", "/no-signal"): EVERYBODY,
    ("GET", "/outbox"): EVERYBODY,
    ("GET", "/outbox/me"): EVERYBODY,
    ("GET", "/photos/{photo_id}"): ASK,
    ("GET", "/photos/{photo_id}/small"): ASK,
    ("GET", "/repairs"): Permission.SEE_REQUESTS,
    ("GET", "/api/v1/repairs"): Permission.SEE_REQUESTS,
    ("GET", "/e/{token}"): EVERYBODY,
    ("POST", "/e/{token}"): EVERYBODY,
    ("GET", "/r/{token}"): EVERYBODY,
    ("POST", "/r/{token}"): EVERYBODY,
    ("POST", "/tickets/{ticket_id}/snooze"): WORK,
    ("POST", "/tickets/{ticket_id}/merge"): WORK,
    ("GET", "/assets"): ASSETS,
    ("GET", "/assets/found"): ASSETS,
    ("POST", "/assets/found"): KEEP,
    ("GET", "/assets/new"): KEEP,
    ("POST", "/assets/new"): KEEP,
    ("GET", "/assets/import"): KEEP,
    ("POST", "/assets/import"): KEEP,
    ("POST", "/assets/import/confirm"): KEEP,
    ("POST", "/assets/import/drop"): KEEP,
    ("GET", "/assets/template.xlsx"): ASSETS,
    ("GET", "/assets/export.{kind}"): ASSETS,
    ("GET", "/assets/stickers"): ASSETS,
    ("GET", "/assets/stickers.pdf"): ASSETS,
    ("GET", "/assets/{asset_id}"): ASSETS,
    ("GET", "/assets/{asset_id}/handover.pdf"): ASSETS,
    ("POST", "/assets/{asset_id}/disposal.pdf"): KEEP,
    ("GET", "/assets/{asset_id}/change"): KEEP,
    ("POST", "/assets/{asset_id}/change"): KEEP,
    ("POST", "/assets/{asset_id}/move"): KEEP,
    ("POST", "/assets/{asset_id}/write-off"): KEEP,
    ("POST", "/assets/{asset_id}/take-back"): KEEP,
    ("POST", "/assets/{asset_id}/parts"): KEEP,
    ("POST", "/assets/{asset_id}/parts/remove"): KEEP,
    ("POST", "/assets/{asset_id}/conflicts"): KEEP,
    ("GET", "/api/v1/assets"): ASSETS,
    ("POST", "/api/v1/assets"): KEEP,
    ("GET", "/api/v1/assets/{asset_id}"): ASSETS,
    ("PATCH", "/api/v1/assets/{asset_id}"): KEEP,
    ("GET", "/api/v1/assets/{asset_id}/history"): ASSETS,
    ("GET", "/incidents"): REPORTS,
    ("GET", "/incidents/{group}/{key:path}"): REPORTS,
    ("GET", "/incidents.atom"): REPORTS,
    ("GET", "/country"): REPORTS,
    ("GET", "/country/export.{kind}"): REPORTS,
    ("GET", "/api/v1/districts"): REPORTS,
    ("GET", "/lessons"): REPORTS,
    ("GET", "/usage"): REPORTS,
    ("GET", "/lessons/export.{kind}"): REPORTS,
    ("GET", "/schools/export.{kind}"): SEE,
    ("GET", "/people/export.{kind}"): Permission.MANAGE_PEOPLE,
    ("GET", "/trips/export.{kind}"): WORK,
    ("GET", "/needs/export.{kind}"): ASSETS,
    ("GET", "/repairs/export.{kind}"): Permission.SEE_REQUESTS,
    ("GET", "/surveys/export.{kind}"): ASSETS,
    ("GET", "/supply/items/{code}/export.{kind}"): Permission.SEE_ASSETS,
    ("GET", "/audit/export.{kind}"): Permission.SEE_AUDIT,
    ("GET", "/admin/agents/export.{kind}"): Permission.ENROL,
    ("GET", "/admin/enrolment/export.{kind}"): Permission.ENROL,
    ("GET", "/admin/messages/export.{kind}"): Permission.SET_MESSAGES,
    ("GET", "/admin/profiles/export.{kind}"): Permission.CONFIGURE,
    ("GET", "/usage/export.{kind}"): REPORTS,
    ("GET", "/admin/settings"): Permission.MANAGE_PEOPLE,
    ("GET", "/director"): REPORTS,
    ("GET", "/whatif"): Permission.TRY_SETTINGS,
    ("POST", "/whatif"): Permission.TRY_SETTINGS,
    ("GET", "/live"): SEE,
    ("GET", "/healthz"): EVERYBODY,
    ("GET", "/readyz"): EVERYBODY,
    ("GET", "/metrics"): SEE,
    ("GET", "/sign-in"): EVERYBODY,
    ("POST", "/sign-in"): EVERYBODY,
    ("POST", "/sign-in/demo"): EVERYBODY,
    ("GET", "/sign-in/openid"): EVERYBODY,
    ("GET", "/sign-in/openid/back"): EVERYBODY,
    ("POST", "/sign-out"): EVERY_PERSON,
    ("GET", "/search"): EVERY_PERSON,
    ("GET", "/link/{secret}"): EVERYBODY,
    ("POST", "/link/{secret}"): EVERYBODY,
    ("GET", "/account"): EVERY_PERSON,
    ("GET", "/account/data.json"): EVERY_PERSON,
    ("POST", "/account/password"): EVERY_PERSON,
    ("POST", "/account/sessions/{session_id}/end"): EVERY_PERSON,
    ("POST", "/account/tokens"): EVERY_PERSON,
    ("POST", "/account/tokens/{token_id}/revoke"): EVERY_PERSON,
    ("GET", "/account/messages"): EVERY_PERSON,
    ("POST", "/account/messages"): EVERY_PERSON,
    ("POST", "/account/messages/ways"): EVERY_PERSON,
    ("POST", "/account/messages/ways/{way_id}/test"): EVERY_PERSON,
    ("POST", "/account/messages/ways/{way_id}/stop"): EVERY_PERSON,
    ("GET", "/admin/messages"): Permission.SET_MESSAGES,
    ("POST", "/admin/messages/{delivery_id}/again"): Permission.SET_MESSAGES,
    ("GET", "/admin/messages/roles/{role}"): Permission.SET_MESSAGES,
    ("POST", "/admin/messages/roles/{role}"): Permission.SET_MESSAGES,
    ("POST", "/admin/messages/roles/{role}/ways"): Permission.SET_MESSAGES,
    ("POST", "/admin/messages/roles/{role}/ways/{way_id}/test"): Permission.SET_MESSAGES,
    ("POST", "/admin/messages/roles/{role}/ways/{way_id}/stop"): Permission.SET_MESSAGES,
    ("GET", "/admin/webhooks"): Permission.SET_MESSAGES,
    ("POST", "/admin/webhooks"): Permission.SET_MESSAGES,
    ("POST", "/admin/webhooks/{hook_id}"): Permission.SET_MESSAGES,
    ("POST", "/admin/webhooks/{hook_id}/renew"): Permission.SET_MESSAGES,
    ("POST", "/admin/webhooks/{hook_id}/remove"): Permission.SET_MESSAGES,
    ("POST", "/admin/webhooks/{hook_id}/test"): Permission.SET_MESSAGES,
    ("POST", "/admin/webhooks/{hook_id}/deliveries/{delivery_id}/again"): Permission.SET_MESSAGES,
    ("GET", "/manage"): EVERY_PERSON,
    ("GET", "/office"): EVERY_PERSON,
    ("GET", "/people"): Permission.MANAGE_PEOPLE,
    ("POST", "/people"): Permission.MANAGE_PEOPLE,
    ("POST", "/people/named"): Permission.MANAGE_PEOPLE,
    ("GET", "/people/{person_id}/data.json"): Permission.MANAGE_PEOPLE,
    ("POST", "/people/{person_id}/erase"): Permission.MANAGE_PEOPLE,
    ("GET", "/people/{person_id}"): Permission.MANAGE_PEOPLE,
    ("POST", "/people/{person_id}"): Permission.MANAGE_PEOPLE,
    ("POST", "/people/{person_id}/reset"): Permission.MANAGE_PEOPLE,
    ("POST", "/people/{person_id}/deactivate"): Permission.MANAGE_PEOPLE,
    ("POST", "/people/{person_id}/reactivate"): Permission.MANAGE_PEOPLE,
    ("GET", "/audit"): Permission.SEE_AUDIT,
    ("GET", "/admin/schools/import"): Permission.IMPORT_SCHOOLS,
    ("POST", "/admin/schools/import"): Permission.IMPORT_SCHOOLS,
    ("POST", "/admin/schools/import/confirm"): Permission.IMPORT_SCHOOLS,
    ("POST", "/admin/schools/import/drop"): Permission.IMPORT_SCHOOLS,
    ("GET", "/admin/schools/template.xlsx"): Permission.IMPORT_SCHOOLS,
    ("GET", "/admin/schools/export.{kind}"): Permission.IMPORT_SCHOOLS,
    ("GET", "/admin/enrolment"): Permission.ENROL,
    ("POST", "/admin/enrolment"): Permission.ENROL,
    ("POST", "/admin/enrolment/codes/again"): Permission.ENROL,
    ("POST", "/admin/enrolment/codes/withdraw"): Permission.ENROL,
    ("GET", "/admin/enrolment/{batch_id}"): Permission.ENROL,
    ("GET", "/admin/enrolment/{batch_id}/slips.pdf"): Permission.ENROL,
    ("POST", "/admin/enrolment/{batch_id}/again"): Permission.ENROL,
    ("POST", "/admin/enrolment/{batch_id}/withdraw"): Permission.ENROL,
    ("GET", "/admin/agents"): Permission.ENROL,
    ("GET", "/admin/agents/{group}/{node}"): Permission.ENROL,
    ("GET", "/admin/agents/{group}/{node}/shut-out"): Permission.REVOKE,
    ("POST", "/admin/agents/{group}/{node}/shut-out"): Permission.REVOKE,
    ("GET", "/admin/profiles"): Permission.CONFIGURE,
    ("GET", "/admin/profiles/check"): Permission.CONFIGURE,
    ("POST", "/admin/profiles/check"): Permission.CONFIGURE,
    ("POST", "/admin/profiles/publish"): Permission.RELEASE,
    ("GET", "/admin/profiles/{vendor}/{model}"): Permission.CONFIGURE,
    ("GET", "/rollouts"): Permission.RELEASE,
    ("POST", "/rollouts"): Permission.RELEASE,
    ("GET", "/rollouts/{number}"): Permission.RELEASE,
    ("POST", "/rollouts/{number}/{deed}"): Permission.RELEASE,
    ("GET", "/supply"): Permission.SEE_ASSETS,
    ("GET", "/supply/new"): Permission.KEEP_STOCK,
    ("POST", "/supply/new"): Permission.KEEP_STOCK,
    ("GET", "/supply/items/{code}"): Permission.SEE_ASSETS,
    ("POST", "/supply/items/{code}"): Permission.KEEP_STOCK,
    ("POST", "/supply/items/{code}/{deed}"): Permission.KEEP_STOCK,
    ("GET", "/supply/import"): Permission.KEEP_STOCK,
    ("POST", "/supply/import"): Permission.KEEP_STOCK,
    ("POST", "/supply/import/confirm"): Permission.KEEP_STOCK,
    ("POST", "/supply/import/drop"): Permission.KEEP_STOCK,
    ("GET", "/supply/template.xlsx"): Permission.SEE_ASSETS,
    ("GET", "/supply/export.{kind}"): Permission.SEE_ASSETS,
    ("GET", "/api/v1/stock"): Permission.SEE_ASSETS,
    ("POST", "/api/v1/stock"): Permission.KEEP_STOCK,
    ("GET", "/api/v1/stock/{code}"): Permission.SEE_ASSETS,
    ("PUT", "/api/v1/stock/{code}"): Permission.KEEP_STOCK,
    ("GET", "/api/v1/stock/{code}/moves"): Permission.SEE_ASSETS,
    ("POST", "/api/v1/stock/{code}/moves"): Permission.KEEP_STOCK,
    ("GET", "/requests"): ASK,
    ("GET", "/tickets/export.{kind}"): Permission.SEE_FLEET,
    ("GET", "/requests/export.{kind}"): ASK,
    ("GET", "/incidents/export.{kind}"): REPORTS,
    ("GET", "/requests/new"): ASK,
    ("GET", "/requests/new/{request_type}"): ASK,
    ("POST", "/requests/new/{request_type}"): ASK,
    ("GET", "/requests/files/{file_id}"): ASK,
    ("GET", "/requests/files/{file_id}/picture"): ASK,
    ("GET", "/requests/{number}"): ASK,
    ("GET", "/requests/{number}/papers/{form}.{kind}"): ASK,
    ("POST", "/requests/{number}/steps/{transition}"): ASK,
    ("POST", "/requests/{number}/corrections/{entry}"): ASK,
    ("GET", "/reports"): REPORTS,
    ("GET", "/reports/calendar"): REPORTS,
    ("GET", "/reports/calendar/{year}/calendar.pdf"): REPORTS,
    ("GET", "/reports/{period}/report.xlsx"): REPORTS,
    ("GET", "/reports/{period}/{form}.pdf"): REPORTS,
    ("GET", "/api/v1/reports/calendar"): REPORTS,
    ("GET", "/api/v1/reports/{period}"): REPORTS,
    ("GET", "/s/{token}"): EVERYBODY,
    ("POST", "/s/{token}"): EVERYBODY,
    ("GET", "/surveys"): Permission.SEE_OWN_SCHOOL,
    ("GET", "/surveys/new"): Permission.RUN_SURVEYS,
    ("POST", "/surveys/new"): Permission.RUN_SURVEYS,
    ("GET", "/surveys/{survey_id}"): Permission.SEE_ASSETS,
    ("POST", "/surveys/{survey_id}/close"): Permission.RUN_SURVEYS,
    ("GET", "/surveys/{survey_id}/answers.xlsx"): Permission.SEE_ASSETS,
    ("GET", "/surveys/{survey_id}/links.xlsx"): Permission.RUN_SURVEYS,
    ("GET", "/surveys/{survey_id}/sheets/{sheet_id}"): Permission.SEE_ASSETS,
    ("GET", "/surveys/{survey_id}/sheets/{sheet_id}/paper.pdf"): Permission.SEE_ASSETS,
    ("POST", "/surveys/{survey_id}/sheets/{sheet_id}/accept"): Permission.RUN_SURVEYS,
    ("POST", "/surveys/{survey_id}/sheets/{sheet_id}/ask-back"): Permission.RUN_SURVEYS,
    ("GET", "/api/v1/surveys"): Permission.SEE_ASSETS,
    ("POST", "/api/v1/surveys"): Permission.RUN_SURVEYS,
    ("GET", "/api/v1/surveys/{survey_id}"): Permission.SEE_ASSETS,
    ("GET", "/api/v1/surveys/{survey_id}/sheets"): Permission.SEE_ASSETS,
    ("GET", "/api/v1/surveys/{survey_id}/sheets/{sheet_id}"): Permission.SEE_ASSETS,
    ("POST", "/api/v1/surveys/{survey_id}/sheets/{sheet_id}/answers"): Permission.RUN_SURVEYS,
    ("POST", "/api/v1/surveys/{survey_id}/sheets/{sheet_id}/decision"): Permission.RUN_SURVEYS,
    ("GET", "/api/v1/openapi.json"): EVERYBODY,
    ("GET", "/needs"): Permission.SEE_ASSETS,
    ("GET", "/needs/summary.xlsx"): Permission.SEE_ASSETS,
    ("GET", "/needs/maintenance.pdf"): Permission.PLAN,
    ("GET", "/prices"): Permission.SEE_ASSETS,
    ("POST", "/prices/import/confirm"): Permission.PLAN,
    ("POST", "/prices/import/drop"): Permission.PLAN,
    ("POST", "/prices"): Permission.PLAN,
    ("POST", "/prices/removal"): Permission.PLAN,
    ("POST", "/prices/import"): Permission.PLAN,
    ("GET", "/prices/export.{kind}"): Permission.SEE_ASSETS,
    ("GET", "/allocation"): Permission.SEE_ASSETS,
    ("GET", "/allocation/{number}"): Permission.SEE_ASSETS,
    ("GET", "/allocation/{number}/plan.xlsx"): Permission.SEE_ASSETS,
    ("GET", "/allocation/{number}/lines/{line}/F35.pdf"): Permission.SEE_ASSETS,
    ("POST", "/allocation/{number}/proposal"): Permission.PLAN,
    ("POST", "/allocation/{number}/lines"): Permission.PLAN,
    ("POST", "/allocation/{number}/lines/{line}"): Permission.PLAN,
    ("POST", "/allocation/{number}/lines/{line}/removal"): Permission.PLAN,
    ("POST", "/allocation/{number}/rules"): Permission.PLAN,
    ("POST", "/allocation/{number}/lines/{line}/steps/{stage}"): Permission.KEEP_ASSETS,
    ("POST", "/allocation/{number}/lines/{line}/purchase"): Permission.KEEP_ASSETS,
    ("POST", "/allocation/{number}/lines/{line}/taking-back"): Permission.KEEP_ASSETS,
    ("GET", "/api/v1/needs"): Permission.SEE_ASSETS,
    ("GET", "/api/v1/needs/totals"): Permission.SEE_ASSETS,
    ("GET", "/api/v1/prices/{year}"): Permission.SEE_ASSETS,
    ("POST", "/api/v1/prices/{year}"): Permission.PLAN,
    ("GET", "/api/v1/allocation"): Permission.SEE_ASSETS,
    ("GET", "/api/v1/allocation/{number}"): Permission.SEE_ASSETS,
    ("POST", "/api/v1/allocation/{number}/proposal"): Permission.PLAN,
    ("POST", "/api/v1/allocation/{number}/lines"): Permission.PLAN,
    ("POST", "/api/v1/allocation/{number}/lines/{line}"): Permission.PLAN,
    ("POST", "/api/v1/allocation/{number}/lines/{line}/removal"): Permission.PLAN,
    ("POST", "/api/v1/allocation/{number}/rules"): Permission.PLAN,
    ("POST", "/api/v1/allocation/{number}/lines/{line}/steps"): Permission.KEEP_ASSETS,
    ("POST", "/api/v1/allocation/{number}/lines/{line}/purchase"): Permission.KEEP_ASSETS,
    ("POST", "/api/v1/allocation/{number}/lines/{line}/taking-back"): Permission.KEEP_ASSETS,
    ("GET", "/trips"): WORK,
    ("GET", "/trips/new"): WORK,
    ("POST", "/trips/new"): WORK,
    ("GET", "/trips/mine"): WORK,
    ("GET", "/trips/{trip_id}"): WORK,
    ("POST", "/trips/{trip_id}"): WORK,
    ("POST", "/trips/{trip_id}/order"): WORK,
    ("POST", "/trips/{trip_id}/end"): WORK,
    ("GET", "/trips/{trip_id}/sheet.pdf"): WORK,
    ("GET", "/api/v1/trips"): WORK,
    ("POST", "/api/v1/trips"): WORK,
    ("GET", "/api/v1/trips/proposals"): WORK,
    ("GET", "/api/v1/trips/{trip_id}"): WORK,
    ("POST", "/api/v1/trips/{trip_id}/end"): WORK,
    ("GET", "/api/v1/requests"): ASK,
    ("POST", "/api/v1/requests"): ASK,
    ("GET", "/api/v1/requests/types"): ASK,
    ("POST", "/api/v1/requests/files"): ASK,
    ("GET", "/api/v1/requests/{number}"): ASK,
    ("GET", "/api/v1/requests/{number}/papers"): ASK,
    ("GET", "/api/v1/requests/{number}/papers/{form}.{kind}"): ASK,
    ("POST", "/api/v1/requests/{number}/steps"): ASK,
    ("POST", "/api/v1/requests/{number}/corrections"): ASK,
    ("GET", "/api/v1/nodes"): SEE,
    ("GET", "/api/v1/nodes/{group}/{node}"): SEE,
    ("GET", "/api/v1/nodes/{group}/{node}/devices/{key}"): SEE,
    ("POST", "/api/v1/nodes/{group}/{node}/devices/{key}/adopt"): Permission.ADOPT,
    ("GET", "/api/v1/nodes/{group}/{node}/reports"): SEE,
    ("GET", "/api/v1/devices"): SEE,
    ("GET", "/api/v1/series"): SEE,
    ("GET", "/api/v1/tickets"): SEE,
    ("GET", "/api/v1/tickets/{ticket_id}"): SEE,
    ("POST", "/api/v1/tickets/{ticket_id}/moves"): WORK,
    ("POST", "/api/v1/tickets/{ticket_id}/snooze"): WORK,
    ("POST", "/api/v1/tickets/{ticket_id}/merge"): WORK,
    ("GET", "/api/v1/events"): SEE,
    ("GET", "/api/v1/desks/{desk}/cases"): SEE,
    ("PUT", "/api/v1/desks/{desk}/cases/{subject}"): WORK,
    ("POST", "/api/v1/desks/{desk}/cases/{subject}/answer"): WORK,
    ("GET", "/api/v1/incidents"): REPORTS,
    ("GET", "/api/v1/incidents/{group}/{key:path}"): REPORTS,
    ("GET", "/api/v1/lessons"): REPORTS,
    ("GET", "/api/v1/rooms"): REPORTS,
}
OF_A_SCHOOL = {
    ("GET", "/"),
    ("GET", "/schools/{group}/{node}"),
    ("GET", "/schools/{group}/{node}/computer"),
    ("GET", "/schools/{group}/{node}/devices/{device}"),
    ("GET", "/tickets/{ticket_id}"),
    ("GET", "/api/v1/nodes/{group}/{node}"),
    ("GET", "/api/v1/nodes/{group}/{node}/devices/{key}"),
    ("GET", "/api/v1/nodes/{group}/{node}/reports"),
    ("GET", "/api/v1/tickets/{ticket_id}"),
}
"""What a school may of what shows more than one: its own, and not that of another."""
GUARDED = [way for way, who in TABLE.items() if who is not EVERYBODY]
BY_PERMISSION = [way for way in GUARDED if isinstance(TABLE[way], Permission)]
REFUSALS = ("urn:dltv-fleet:problem:not-allowed", "urn:dltv-fleet:problem:not-yours")
PROGRAMS = ("/api/", "/live", "/metrics")


@pytest.fixture
def account_settings() -> dict[str, Any]:
    """Everything that can be switched on."""
    oidc = {"issuer": "https://id.example", "client_id": "hub", "roles": {"it": "technician"}}
    return {"demo": True, "oidc": oidc}


def address(path: str, places: dict[str, str] = PLACE) -> str:
    for name, value in places.items():
        path = path.replace(f"{{{name}}}", value).replace(f"{{{name}:path}}", value)
    path = path.replace("{secret}", "x").replace("{person_id}", "1").replace("{token_id}", "1")
    return path.replace("{session_id}", "999") + ("?topic=fleet" if path == "/live" else "")


def ask(client: httpx.Client, way: tuple[str, str], places: dict[str, str] = PLACE) -> httpx.Response:
    """Without a body: who may not is told so before one is looked at. Of an endless answer, the head is enough."""
    method, path = way
    # Behind a proxy nobody is on this machine, so that /metrics is shut as well.
    headers = {**OURS, "X-Forwarded-For": "198.51.100.7"}
    with client.stream(method, address(path, places), headers=headers) as answer:
        if way != ("GET", "/live") or answer.status_code != 200:
            answer.read()
        return answer


def is_for_programs(path: str) -> bool:
    return path.startswith(PROGRAMS) or path.endswith(".atom")


def those_who_may(who: Any) -> set[Role]:
    return set(Role) if who is EVERY_PERSON else {role for role in Role if who in ROLES_MAY[role]}


def test_every_route_stands_in_the_table(hub: Any) -> None:
    found = {(route.method, route.path) for route in declared_routes(hub.app)}
    assert found == set(TABLE)


def test_every_route_needs_what_the_table_says(hub: Any) -> None:
    for route in declared_routes(hub.app):
        who = TABLE[route.method, route.path]
        told = {need.permission for need in route.needs if need.permission is not None}
        if isinstance(who, Permission):
            assert who in told, route
        else:
            assert (told, route.needs[0].passes is not None) == (set(), who is EVERYBODY), route


# One hub for all ways in: making one takes longer than asking at all of them.
def test_nobody_gets_through_who_is_not_signed_in(anybody: httpx.Client, district: Any) -> None:
    for way in GUARDED:
        answer = ask(anybody, way)
        if is_for_programs(way[1]):
            assert answer.status_code == 401, way
            assert answer.headers["content-type"] == "application/problem+json", way
            assert answer.headers["www-authenticate"] == "Bearer", way
        else:
            assert answer.status_code == 303, way
            assert answer.headers["location"].startswith("/sign-in"), way


@pytest.mark.parametrize("role", Role)
def test_a_wrong_role_is_told_who_may(as_role: Callable[[Role], httpx.Client], district: Any, role: Role) -> None:
    client = as_role(role)
    for way in BY_PERMISSION:
        if role in those_who_may(TABLE[way]):
            continue
        answer = ask(client, way, OTHER)
        assert answer.status_code == 403, way
        if is_for_programs(way[1]):
            assert answer.json()["type"] in REFUSALS, way
        else:
            assert "คุณไม่มีสิทธิ์ทำสิ่งนี้" in answer.text, way


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SCHOOL])
def test_a_right_role_gets_through(as_role: Callable[[Role], httpx.Client], district: Any, role: Role) -> None:
    client = as_role(role)
    for way in GUARDED:
        # Who signed out is somebody else.
        if role in those_who_may(TABLE[way]) and way != ("POST", "/sign-out"):
            assert ask(client, way).status_code not in (401, 403), way


@pytest.mark.parametrize("role", Role)
def test_whoever_came_in_may_leave(as_role: Callable[[Role], httpx.Client], role: Role) -> None:
    assert ask(as_role(role), ("POST", "/sign-out")).status_code == 303


@pytest.mark.parametrize("way", sorted(OF_A_SCHOOL), ids=" ".join)
def test_a_school_sees_its_own(as_role: Callable[[Role], httpx.Client], district: Any, way: tuple[str, str]) -> None:
    assert ask(as_role(Role.SCHOOL), way).status_code in (200, 303)


@pytest.mark.parametrize("way", sorted(OF_A_SCHOOL - {("GET", "/")}), ids=" ".join)
def test_a_school_does_not_see_another(
    as_role: Callable[[Role], httpx.Client], district: Any, way: tuple[str, str]
) -> None:
    assert ask(as_role(Role.SCHOOL), way, OTHER).status_code == 403


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("/live?topic=node+cpm3%2F30010012&topic=ticket+1", 200),
        ("/live?topic=node+cpm3%2F30010012&topic=fleet", 403),
        ("/live?topic=node+cpm3%2F30010027", 403),
        ("/live?topic=ticket+3", 403),
        ("/live?topic=ticket+999", 403),
        ("/api/v1/series?group=cpm3&node=30010012&metric=x", 200),
        ("/api/v1/series?group=cpm3&node=30010027&metric=x", 403),
        ("/api/v1/series?group=cpm3&node=30010012&node=30010027&metric=x", 403),
        ("/api/v1/devices?group=cpm3&node=30010012", 200),
        ("/api/v1/devices", 403),
        ("/tickets/999", 403),
        ("/tickets/x", 403),
        ("/tickets/" + "9" * 30, 403),
    ],
)
def test_a_school_hears_and_draws_only_its_own(
    as_role: Callable[[Role], httpx.Client], district: Any, query: str, status: int
) -> None:
    with as_role(Role.SCHOOL).stream("GET", query) as answer:
        assert answer.status_code == status


def test_a_school_begins_at_its_own_page(as_role: Callable[[Role], httpx.Client], district: Any) -> None:
    client = as_role(Role.SCHOOL)
    assert client.get("/").headers["location"] == "/schools/cpm3/30010012"
    page = client.get("/schools/cpm3/30010012?lang=en").text
    assert 'href="/tickets"' not in page
    assert 'href="/incidents"' not in page


def test_a_school_without_a_computer_is_told_so(as_role: Callable[[Role], httpx.Client]) -> None:
    assert "Your school has not reported yet" in as_role(Role.SCHOOL).get("/?lang=en").text


def test_a_page_offers_only_what_its_reader_may(as_role: Callable[[Role], httpx.Client], district: Any) -> None:
    for role, sees in ((Role.CLERK, False), (Role.TECHNICIAN, True)):
        page = as_role(role).get("/tickets/1?lang=en").text
        assert ("Take it on and inspect" in page) is sees
        assert ("The technicians of the office work on this ticket" in page) is not sees


class TestTokens:
    """What programs show instead of a session."""

    def test_a_token_opens_what_its_scopes_say(self, anybody: httpx.Client, district: Any, token: Any) -> None:
        anybody.headers["Authorization"] = f"Bearer {token(Role.TECHNICIAN, SEE)}"
        assert anybody.get("/api/v1/nodes").status_code == 200
        assert anybody.get("/api/v1/lessons").status_code == 403
        wish = {"to": "inspecting", "version": 1}
        answer = anybody.post("/api/v1/tickets/1/moves", json=wish, headers={"X-Requested-With": "test"})
        assert answer.status_code == 403
        assert "work_on_tickets" in answer.json()["detail"]

    def test_a_token_needs_no_word_of_a_session(self, anybody: httpx.Client, district: Any, token: Any) -> None:
        anybody.headers["Authorization"] = f"bearer {token(Role.TECHNICIAN, SEE, WORK)}"
        wish = {"to": "inspecting", "version": 1}
        answer = anybody.post("/api/v1/tickets/1/moves", json=wish, headers={"X-Requested-With": "test"})
        assert answer.status_code == 200

    def test_a_token_does_not_open_the_account_of_its_owner(self, anybody: httpx.Client, token: Any) -> None:
        anybody.headers["Authorization"] = f"Bearer {token(Role.ADMIN, *set(Permission) - {Permission.USE_API})}"
        assert anybody.get("/account").status_code == 403
        assert anybody.post("/account/tokens", headers=OURS).status_code == 403

    @pytest.mark.parametrize("shown", ["Bearer", "Bearer x", "Bearer dltv_" + "0" * 64 + "_00000000", "Basic eDp4"])
    def test_what_is_no_token_opens_nothing(self, anybody: httpx.Client, shown: str) -> None:
        assert anybody.get("/api/v1/nodes", headers={"Authorization": shown}).status_code == 401

    def test_a_token_goes_before_a_session(self, client: httpx.Client, token: Any) -> None:
        headers = {"Authorization": f"Bearer {token(Role.TECHNICIAN, REPORTS)}"}
        assert client.get("/api/v1/nodes", headers=headers).status_code == 403


class TestMetrics:
    """The operator's own figures: for who is on the machine, or has a token."""

    def test_they_are_there_on_the_machine_itself(self, anybody: httpx.Client) -> None:
        assert anybody.get("/metrics").text == "dltv_up 1\n"

    @pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via"])
    def test_they_are_not_there_for_a_proxy_on_it(self, anybody: httpx.Client, header: str) -> None:
        assert anybody.get("/metrics", headers={header: "127.0.0.1"}).status_code == 401

    def test_a_token_is_enough(self, anybody: httpx.Client, token: Any) -> None:
        headers = {"X-Forwarded-For": "198.51.100.7", "Authorization": f"Bearer {token(Role.TECHNICIAN, SEE)}"}
        assert anybody.get("/metrics", headers=headers).status_code == 200


def limit(hub: Any, login: str) -> None:
    """To one of two districts."""
    person = hub.accounts.people.by_login(login)
    place = replace(person.place, groups=frozenset({"cpm1"}))
    hub.accounts.people.change(AT_THE_CONSOLE, person.id, place, 1_795_157_100_000)


class TestDistricts:
    """Somebody who is limited to some of the districts of a hub."""

    @pytest.fixture
    def settings(self) -> Any:
        from hub.web.settings import WebSettings

        return WebSettings(groups=frozenset({"cpm3", "cpm1"}))

    @pytest.fixture
    def limited(self, hub: Any, as_role: Callable[[Role], httpx.Client]) -> httpx.Client:
        limit(hub, "technician")
        return as_role(Role.TECHNICIAN)

    @pytest.mark.parametrize("path", ["/whatif", "/admin/settings"])
    def test_what_is_the_same_for_all_is_not_for_them(self, limited: httpx.Client, district: Any, path: str) -> None:
        assert limited.get(path).status_code == 403

    def test_another_district_is_not_for_them(self, limited: httpx.Client, district: Any) -> None:
        assert limited.get("/schools/cpm3/30010012").status_code == 403
        assert limited.get("/schools/cpm1/30010012").status_code == 404

    def test_an_admin_of_a_district_cannot_make_one_of_all(
        self, hub: Any, as_role: Callable[[Role], httpx.Client]
    ) -> None:
        limit(hub, "admin")
        admin = as_role(Role.ADMIN)
        invited = {"login": "accomplice", "roles": "admin", "csrf": token_of(admin.cookies["session"])}
        assert admin.post("/people", data=invited, headers=OURS).status_code == 403
        assert [admin.get(path).status_code for path in ("/people", "/audit")] == [403, 403]
        assert hub.accounts.people.by_login("accomplice") is None

    def test_an_admin_of_a_district_cannot_have_the_events_of_all_sent_anywhere(
        self, hub: Any, as_role: Callable[[Role], httpx.Client]
    ) -> None:
        limit(hub, "admin")
        admin = as_role(Role.ADMIN)
        word = {"csrf": token_of(admin.cookies["session"])}
        hook = {"name": "n", "url": "https://host.example/", "types": "ticket.opened", **word}
        way = {"service": "jsons", "first": "https://host.example/", **word}
        assert admin.post("/admin/webhooks", data=hook, headers=OURS).status_code == 403
        assert admin.post("/admin/messages/roles/technician/ways", data=way, headers=OURS).status_code == 403
        assert [admin.get(f"/admin/{page}").status_code for page in ("webhooks", "messages")] == [403, 403]


def test_an_application_with_a_route_that_declares_nothing_is_not_made() -> None:
    for router in (APIRouter(), gated(), APIRouter(route_class=GatedRoute, dependencies=[])):
        router.get("/forgotten")(lambda: None)
        app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
        app.include_router(router)
        with pytest.raises(UndeclaredRoute, match="/forgotten does not say"):
            require_declarations(app)


def test_a_declaration_that_does_not_stand_before_a_route_is_none() -> None:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.get("/ungated", dependencies=[needs(SEE)])(lambda: None)
    with pytest.raises(UndeclaredRoute):
        require_declarations(app)


def test_what_is_declared_twice_is_needed_twice() -> None:
    router = gated(needs(SEE))
    router.get("/both", dependencies=[needs(WORK)])(lambda: None)
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.include_router(router)
    (route,) = declared_routes(app)
    assert [need.permission for need in route.needs] == [SEE, WORK]


def requests_of(principal: Principal) -> Iterator[Request]:
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b"", "state": {}}
    request = Request(scope)
    request.state.principal = principal
    yield request


def test_a_program_is_no_person() -> None:
    program = Principal(PrincipalKind.TOKEN, "1", "x", frozenset({Role.ADMIN}), scopes=frozenset(Permission))
    for request in requests_of(program):
        with pytest.raises(NotAllowed):
            Need(None).admit(request, program)
    for request in requests_of(NOBODY):
        with pytest.raises(NotSignedIn):
            Need(None).admit(request, NOBODY)
        assert isinstance(PUBLIC.dependency, Need)
        PUBLIC.dependency.admit(request, NOBODY)


def test_only_what_asks_the_store_waits_for_a_thread() -> None:
    assert not Need(None).waits
    assert not Need(SEE, cut=True).waits
    assert isinstance(PUBLIC.dependency, Need)
    assert not PUBLIC.dependency.waits
    assert Need(SEE, whose=lambda _request: ()).waits
    assert Need(SEE, passes=lambda _request: True).waits


def test_a_route_is_found_by_its_whole_address_also_behind_a_prefix_that_a_server_cuts_off() -> None:
    router = gated(PUBLIC)
    router.get("/schools/{group}")(lambda: None)
    (route,) = router.routes
    scope = {"type": "http", "method": "GET", "headers": []}
    found = {
        path: route.matches({**scope, "path": path, "root_path": root})[0]
        for path, root in (("/schools/cpm3", ""), ("/schools", ""), ("/school/cpm3", ""), ("/hub/schools/cpm3", "/hub"))
    }
    assert found == {
        "/schools/cpm3": Match.FULL,
        "/schools": Match.NONE,
        "/school/cpm3": Match.NONE,
        "/hub/schools/cpm3": Match.FULL,
    }


def test_signed_in_is_for_persons_of_any_role() -> None:
    person = Principal(PrincipalKind.PERSON, "1", "x")
    for request in requests_of(person):
        assert isinstance(SIGNED_IN.dependency, Need)
        SIGNED_IN.dependency.admit(request, person)


def test_failures_know_the_way_to_sign_in(hub: Any) -> None:
    assert NotSignedIn in hub.app.exception_handlers
    assert hub.app.exception_handlers[NotSignedIn].__func__ is Failures.on_nobody
