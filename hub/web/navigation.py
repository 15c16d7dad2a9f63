"""The places of the site that stand on every page, each for those who may go there."""

from dataclasses import dataclass

from hub.core.people import Permission, Principal


@dataclass(frozen=True, slots=True)
class Place:
    """A place: its name (`place.<name>` in the catalogues), its icon, and any permission that lets one in.

    within  how the addresses begin that belong to it besides its own
    whole   the same for every district, so that it is nothing for who is limited to some
    several  tells districts apart, so that it is nothing where there is one
    """

    name: str
    path: str
    icon: str
    permissions: frozenset[Permission]
    within: tuple[str, ...] = ()
    whole: bool = False
    several: bool = False

    def is_for(self, principal: Principal) -> bool:
        return not (self.whole and principal.groups is not None) and any(
            principal.may(permission) for permission in self.permissions
        )

    def is_at(self, path: str) -> bool:
        """Whether the page at `path` belongs here."""
        return path == self.path or path.startswith(self.within)


MANAGED = (
    Place("agents", "/admin/agents", "computer", frozenset({Permission.ENROL}), ("/admin/agents",)),
    Place("enrolment", "/admin/enrolment", "key", frozenset({Permission.ENROL}), ("/admin/enrolment",)),
    Place(
        "school_list", "/admin/schools/import", "school", frozenset({Permission.IMPORT_SCHOOLS}), ("/admin/schools",)
    ),
    Place("people", "/people", "people", frozenset({Permission.MANAGE_PEOPLE}), ("/people",), whole=True),
    Place(
        "messages",
        "/admin/messages",
        "bell",
        frozenset({Permission.SET_MESSAGES}),
        ("/admin/messages", "/admin/webhooks"),
        whole=True,
    ),
    Place(
        "settings",
        "/admin/settings",
        "manage",
        frozenset({Permission.MANAGE_PEOPLE}),
        ("/admin/settings",),
        whole=True,
    ),
    Place("profiles", "/admin/profiles", "receiver", frozenset({Permission.CONFIGURE}), ("/admin/profiles",)),
    Place("rollouts", "/rollouts", "update", frozenset({Permission.RELEASE}), ("/rollouts",)),
    Place("audit", "/audit", "log", frozenset({Permission.SEE_AUDIT}), ("/audit",), whole=True),
)
"""What is looked after in the office: stands together on one page."""
OFFICE = (
    Place("director", "/director", "chart", frozenset({Permission.SEE_REPORTS}), ("/director",)),
    Place("country", "/country", "school", frozenset({Permission.SEE_REPORTS}), ("/country",), several=True),
    Place("repairs", "/repairs", "bag", frozenset({Permission.SEE_REQUESTS}), ("/repairs",)),
    Place("requests", "/requests", "request", frozenset({Permission.MAKE_REQUESTS}), ("/requests",)),
    Place("assets", "/assets", "assets", frozenset({Permission.SEE_ASSETS}), ("/assets",)),
    Place("supply", "/supply", "shelf", frozenset({Permission.SEE_ASSETS}), ("/supply",)),
    Place("trips", "/trips", "car", frozenset({Permission.WORK_ON_TICKETS}), ("/trips",)),
    Place("needs", "/needs", "chart", frozenset({Permission.SEE_ASSETS}), ("/needs", "/prices")),
    Place("allocation", "/allocation", "bag", frozenset({Permission.SEE_ASSETS}), ("/allocation",)),
    Place("surveys", "/surveys", "survey", frozenset({Permission.SEE_OWN_SCHOOL}), ("/surveys",)),
    Place("reports", "/reports", "log", frozenset({Permission.SEE_REPORTS}), ("/reports",)),
)
"""The office's own work: stands together on one page."""


def _around(name: str, icon: str, places: tuple[Place, ...]) -> Place:
    """The page on which places stand together."""
    permissions: frozenset[Permission] = frozenset().union(*(place.permissions for place in places))
    return Place(name, f"/{name}", icon, permissions, tuple(path for place in places for path in place.within))


NAVIGATION = (
    Place("overview", "/", "home", frozenset({Permission.SEE_FLEET, Permission.SEE_OWN_SCHOOL}), ("/schools",)),
    Place("tickets", "/tickets", "ticket", frozenset({Permission.SEE_FLEET}), ("/tickets", "/whatif")),
    _around("office", "request", OFFICE),
    Place("incidents", "/incidents", "cloud", frozenset({Permission.SEE_REPORTS}), ("/incidents",)),
    Place("lessons", "/lessons", "clock", frozenset({Permission.SEE_REPORTS}), ("/lessons", "/usage")),
    _around("manage", "manage", MANAGED),
)
