"""Every page that a person opens, and what pages fetch, with addresses in a grown district; a test compares with the routes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from benchmarks.furniture import Things
from benchmarks.reports import GROUP
from hub.core.people import Role

SCHOOL, DEVICE, METRIC, ROOM = "30010003", "1-receiver", "signal/cnr_db", "ป.2"
HOUR_MS = 3_600_000
_HERE = f"/schools/{GROUP}/{SCHOOL}"
_HOURS = (24, 35 * 24, 90 * 24)
NO_PAGES = frozenset(
    {
        *("/live", "/healthz", "/readyz", "/metrics", "/incidents.atom"),
        *("/sign-in/openid", "/sign-in/openid/back", "/photos/{photo_id}", "/photos/{photo_id}/small"),
        "/requests/files/{file_id}",
        "/requests/files/{file_id}/picture",
        *("/map/boundaries.json", "/assets/{asset_id}/handover.pdf", "/admin/enrolment/{batch_id}/slips.pdf"),
        "/allocation/{number}/lines/{line}/F35.pdf",
        *("/country", "/country/export.{kind}", "/account/data.json"),
    }
)
"""What programs read, what leads elsewhere, files that somebody sent, and papers of what this district has not got.
Of a demonstration nobody has an account; all districts beside each other are measured by benchmarks/districts.py."""
_PUBLIC = ("/e/", "/r/", "/s/", "/link/", "/sign-in", "/no-signal", "/outbox", "/worker.js", "/manifest.webmanifest")
_BY_ROLE: Mapping[Role, tuple[str, ...]] = {
    Role.ADMIN: ("/admin/", "/people", "/audit", "/rollouts"),
    Role.TECHNICIAN: ("/trips", "/mine"),
    Role.SUPPLY: ("/supply", "/assets/new", "/assets/import", "/assets/found", "/assets/1/change", "/assets/stickers"),
}
_FILES = (".pdf", ".xlsx", ".csv")


@dataclass(frozen=True, slots=True)
class Opened:
    """What is asked for. part: the element of a page that is fetched anew; file: what is made to be printed or kept."""

    path: str
    part: str = ""

    @property
    def role(self) -> Role | None:
        """Who asks; None: somebody who is not signed in."""
        if self.path.startswith(_PUBLIC):
            return None
        return next((role for role, paths in _BY_ROLE.items() if self.path.startswith(paths)), Role.GROUP_HEAD)

    @property
    def file(self) -> bool:
        return self.path.partition("?")[0].endswith(_FILES)


def opened(routes: Mapping[str, tuple[str, ...]]) -> Iterator[Opened]:
    for addresses in routes.values():
        yield from map(Opened, addresses)
    yield from (Opened(path, part) for path, part in _PARTS)


_PARTS = (
    *(("/", "overview"), ("/mine", "mine"), (_HERE, "school"), (f"{_HERE}/devices/{DEVICE}", "device")),
    *((f"{_HERE}/rooms/{ROOM}", "room"), ("/tickets", "tickets"), ("/tickets/1", "ticket")),
    *(("/incidents", "incidents"), (f"/incidents/{GROUP}/rain_fade:7", "incident"), ("/rollouts/1", "rollout")),
)
"""What a page fetches again when something has changed."""


def addresses(things: Things, now: int) -> Mapping[str, tuple[str, ...]]:
    """By route: where it is found. Without what is read through the API only."""
    plain = {path: (path,) for path in _PLAIN}
    return {**plain, **_of_the_fleet(now), **_of_the_office(things), **_of_people(things)}


_PLAIN = (
    *("/", "/mine", "/lessons", "/director", "/whatif", "/repairs", "/needs", "/prices"),
    *(
        "/office",
        "/manage",
        "/account",
        "/account/messages",
        "/sign-in",
        "/worker.js",
        "/manifest.webmanifest",
    ),
    *("/no-signal", "/outbox", "/outbox/me", "/assets/found", "/assets/new", "/assets/import", "/assets/stickers"),
    *(
        "/assets/template.xlsx",
        "/admin/settings",
        "/admin/messages",
        "/admin/webhooks",
        "/admin/profiles",
        "/admin/profiles/check",
        "/admin/schools/import",
    ),
    *("/admin/schools/template.xlsx", "/admin/enrolment", "/admin/agents", "/people", "/audit", "/rollouts"),
    *("/supply", "/supply/new", "/supply/import", "/supply/template.xlsx", "/requests", "/requests/new"),
    *("/reports/calendar", "/surveys", "/surveys/new", "/needs/summary.xlsx", "/needs/maintenance.pdf"),
    "/allocation",
    *("/trips", "/trips/new", "/trips/mine"),
)


def _of_the_fleet(now: int) -> Mapping[str, tuple[str, ...]]:
    spans = [{"metric": METRIC, "from": now - hours * HOUR_MS, "to": now} for hours in _HOURS]
    here = {"group": GROUP, "node": SCHOOL}
    return {
        "/search": ("/search?q=3001", "/search?q=โรงเรยีน", "/search?q=7730-12", "/search?q=nothing-like-it"),
        "/tickets": ("/tickets", "/tickets?show=all"),
        "/tickets/{ticket_id}": ("/tickets/1",),
        "/tickets/export.{kind}": ("/tickets/export.csv?show=all",),
        "/incidents": ("/incidents",),
        "/incidents/{group}/{key:path}": (f"/incidents/{GROUP}/rain_fade:7",),
        "/incidents/export.{kind}": ("/incidents/export.xlsx",),
        "/lessons/export.{kind}": ("/lessons/export.csv",),
        "/schools/export.{kind}": ("/schools/export.csv",),
        "/repairs/export.{kind}": ("/repairs/export.csv",),
        "/trips/export.{kind}": ("/trips/export.csv",),
        "/usage/export.{kind}": ("/usage/export.csv?show=all",),
        "/usage": ("/usage", "/usage?show=all"),
        "/schools/{group}/{node}": (_HERE,),
        "/schools/{group}/{node}/computer": (f"{_HERE}/computer",),
        "/schools/{group}/{node}/rooms/{room}": (f"{_HERE}/rooms/{ROOM}",),
        "/schools/{group}/{node}/devices/{device}": (f"{_HERE}/devices/{DEVICE}",),
        "/api/v1/series": tuple(f"/api/v1/series?{urlencode(here | {'device': DEVICE} | each)}" for each in spans),
        "/schools/{group}/{node}/background": tuple(
            f"{_HERE}/background?{urlencode({'device': DEVICE} | each)}" for each in spans
        ),
        "/schools/{group}/{node}/series.csv": (f"{_HERE}/series.csv?{urlencode({'device': DEVICE} | spans[-1])}",),
    }


def _of_the_office(things: Things) -> Mapping[str, tuple[str, ...]]:
    allocation, survey = f"/allocation/{things.allocation}", f"/surveys/1/sheets/{things.sheet_id}"
    return {
        "/requests/new/{request_type}": ("/requests/new/repair", "/requests/new/material_request"),
        "/requests/{number}": tuple(f"/requests/{each}" for each in (things.repair, things.request)),
        "/requests/export.{kind}": ("/requests/export.csv",),
        "/requests/{number}/papers/{form}.{kind}": (f"/requests/{things.repair}/papers/F01.pdf",),
        "/assets": ("/assets", "/assets?school=30010003", "/assets?q=7730-12"),
        "/assets/{asset_id}": ("/assets/1",),
        "/assets/{asset_id}/change": ("/assets/1/change",),
        "/assets/export.{kind}": ("/assets/export.xlsx",),
        "/assets/stickers.pdf": ("/assets/stickers.pdf?school=30010003",),
        "/supply/items/{code}": ("/supply/items/IT-001",),
        "/needs/export.{kind}": ("/needs/export.csv",),
        "/surveys/export.{kind}": ("/surveys/export.csv",),
        "/supply/items/{code}/export.{kind}": ("/supply/items/IT-001/export.csv",),
        "/supply/export.{kind}": ("/supply/export.xlsx",),
        "/prices/export.{kind}": ("/prices/export.csv",),
        "/allocation/{number}": (allocation,),
        "/allocation/{number}/plan.xlsx": (f"{allocation}/plan.xlsx",),
        "/surveys/{survey_id}": ("/surveys/1",),
        "/surveys/{survey_id}/answers.xlsx": ("/surveys/1/answers.xlsx",),
        "/surveys/{survey_id}/links.xlsx": ("/surveys/1/links.xlsx",),
        "/surveys/{survey_id}/sheets/{sheet_id}": (survey,),
        "/surveys/{survey_id}/sheets/{sheet_id}/paper.pdf": (f"{survey}/paper.pdf",),
        "/reports": ("/reports", "/reports?period=2569"),
        "/reports/calendar/{year}/calendar.pdf": ("/reports/calendar/2570/calendar.pdf",),
        "/reports/{period}/report.xlsx": ("/reports/2569-q4/report.xlsx",),
        "/reports/{period}/{form}.pdf": ("/reports/2569-q4/F17.pdf",),
        "/trips/{trip_id}": ("/trips/1",),
        "/trips/{trip_id}/sheet.pdf": ("/trips/1/sheet.pdf",),
    }


def _of_people(things: Things) -> Mapping[str, tuple[str, ...]]:
    agent, batch = f"/admin/agents/{GROUP}/{SCHOOL}", f"/admin/enrolment/{things.batch}"
    return {
        "/e/{token}": (f"/e/{things.sticker}",),
        "/r/{token}": (f"/r/{things.told}",),
        "/s/{token}": (f"/s/{things.sheet}",),
        "/link/{secret}": (f"/link/{things.link}",),
        "/people/{person_id}": (f"/people/{things.person}",),
        "/people/export.{kind}": ("/people/export.csv",),
        "/audit/export.{kind}": ("/audit/export.csv",),
        "/admin/agents/export.{kind}": ("/admin/agents/export.csv",),
        "/admin/enrolment/export.{kind}": ("/admin/enrolment/export.csv",),
        "/admin/messages/export.{kind}": ("/admin/messages/export.csv",),
        "/admin/profiles/export.{kind}": ("/admin/profiles/export.csv",),
        "/people/{person_id}/data.json": (f"/people/{things.person}/data.json",),
        "/admin/profiles/{vendor}/{model}": ("/admin/profiles/lg/rs232",),
        "/admin/messages/roles/{role}": ("/admin/messages/roles/technician",),
        "/admin/schools/export.{kind}": ("/admin/schools/export.xlsx",),
        "/admin/enrolment/{batch_id}": (batch,),
        "/admin/agents/{group}/{node}": (agent,),
        "/admin/agents/{group}/{node}/shut-out": (f"{agent}/shut-out",),
        "/rollouts/{number}": ("/rollouts/1",),
    }
