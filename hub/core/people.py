"""Who may do what: roles, permissions, the one table between them, and whoever asks.

Everybody is a Principal, also nobody. Leaves to hub/accounts how one is told from another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum


class Role(StrEnum):
    """What a person does in the district office. One may have several."""

    SCHOOL = "school"
    """teacher or school keeper: sees and reports for the own school"""
    TECHNICIAN = "technician"
    GROUP_HEAD = "group_head"
    SUPPLY = "supply"
    CLERK = "clerk"
    DIRECTOR = "director"
    ADMIN = "admin"


class Permission(StrEnum):
    """What can be allowed. The values are also the scopes of API tokens."""

    SEE_FLEET = "see_fleet"
    SEE_OWN_SCHOOL = "see_own_school"
    WORK_ON_TICKETS = "work_on_tickets"
    ADOPT = "adopt"
    """take equipment that came by itself into the register"""
    SEE_REPORTS = "see_reports"
    TRY_SETTINGS = "try_settings"
    IMPORT_SCHOOLS = "import_schools"
    ENROL = "enrol"
    """make codes by which computers of schools join"""
    REVOKE = "revoke"
    """shut a computer out"""
    RELEASE = "release"
    """put releases on the agents"""
    CONFIGURE = "configure"
    """profiles and configuration of the agents"""
    MANAGE_PEOPLE = "manage_people"
    SEE_AUDIT = "see_audit"
    USE_API = "use_api"
    """have API tokens of one's own"""
    MAKE_REQUESTS = "make_requests"
    """ask the office for something, see the own requests, and take the steps that a workflow leaves to the own role"""
    SEE_REQUESTS = "see_requests"
    """see everybody's"""
    SEE_ASSETS = "see_assets"
    """the register of assets, the stock and the papers of all schools"""
    KEEP_ASSETS = "keep_assets"
    """add, change, move and write off what stands in the register"""
    KEEP_STOCK = "keep_stock"
    """count, take and give spare parts and material; loans, specifications and offers"""
    PLAN = "plan"
    """rank needs, and make the lines of a round of allocation"""
    RUN_SURVEYS = "run_surveys"
    SET_MESSAGES = "set_messages"
    """which programs and help desks are told"""


_LOOKS = frozenset(
    {
        Permission.SEE_OWN_SCHOOL,
        Permission.SEE_FLEET,
        Permission.SEE_REPORTS,
        Permission.MAKE_REQUESTS,
        Permission.SEE_REQUESTS,
        Permission.SEE_ASSETS,
    }
)
_KEEPS = frozenset({Permission.KEEP_ASSETS, Permission.KEEP_STOCK})
# A technician takes parts from the car, and puts a serial number right where the set hangs.
_WORKS = (
    _LOOKS
    | _KEEPS
    | {
        Permission.WORK_ON_TICKETS,
        Permission.ADOPT,
        Permission.TRY_SETTINGS,
        Permission.ENROL,
        Permission.REVOKE,
        Permission.USE_API,
    }
)

ROLES_MAY: Mapping[Role, frozenset[Permission]] = {
    Role.SCHOOL: frozenset({Permission.SEE_OWN_SCHOOL, Permission.MAKE_REQUESTS}),
    Role.TECHNICIAN: _WORKS,
    Role.GROUP_HEAD: _WORKS
    | {Permission.IMPORT_SCHOOLS, Permission.CONFIGURE, Permission.PLAN, Permission.RUN_SURVEYS},
    Role.SUPPLY: _LOOKS | _KEEPS,
    Role.CLERK: _LOOKS | {Permission.RUN_SURVEYS},
    Role.DIRECTOR: _LOOKS | {Permission.SEE_AUDIT},
    Role.ADMIN: frozenset(Permission),
}


class PrincipalKind(Enum):
    """How somebody is known."""

    PERSON = "person"
    """signed in"""
    TOKEN = "token"  # noqa: S105  no secret: a kind
    """a program, by an API token of a person"""
    DEMO = "demo"
    """one click on a hub that only listens on loopback"""
    DEVICE = "device"
    """the computer of a school, by its certificate"""
    HUB = "hub"
    """the hub itself"""
    VISITOR = "visitor"
    """somebody at a school who followed the sticker of a device, or the link to what they reported"""
    COMMAND = "command"
    """whoever sits at the hub's own command line"""
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Principal:
    """Whoever asks.

    id       the number of a person or of a token, or a device's node; goes into the audit with the kind
    name     to be shown
    school   code of the school that somebody belongs to
    groups   the districts that somebody is limited to; None: all that the hub serves
    scopes   what a token was issued for; it never may more than its owner may now
    """

    kind: PrincipalKind
    id: str = ""
    name: str = ""
    roles: frozenset[Role] = frozenset()
    school: str | None = None
    groups: frozenset[str] | None = None
    scopes: frozenset[Permission] = frozenset()

    def may(self, permission: Permission) -> bool:
        if self.kind is PrincipalKind.TOKEN and permission not in self.scopes:
            return False
        return any(permission in ROLES_MAY[role] for role in self.roles)

    def may_see(self, group: str, school: str) -> bool:
        """Whether what belongs to this school of this district may be shown."""
        if self.groups is not None and group not in self.groups:
            return False
        if self.may(Permission.SEE_FLEET):
            return True
        return self.may(Permission.SEE_OWN_SCHOOL) and bool(school) and school == self.school

    @property
    def label(self) -> str:
        """How the audit names them."""
        return f"{self.kind.value}:{self.id}" if self.id else self.kind.value


THE_HUB = Principal(PrincipalKind.HUB, roles=frozenset({Role.TECHNICIAN}))
"""What the hub does by itself in the office's work, it may as a technician."""
NOBODY = Principal(PrincipalKind.NOBODY)
AT_THE_CONSOLE = Principal(PrincipalKind.COMMAND, name="dltv-hub")
"""Whoever can run commands on the hub's own machine can also change its database: there is nothing to forbid them."""
