"""What every route is given: the services behind the pages."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

from starlette.requests import Request

from hub.accounts.service import Accounts
from hub.web.enrolling import Enrolling
from hub.web.feed_keys import FeedKeys
from hub.web.insights import Insights
from hub.web.live import Live
from hub.web.office import OfficePages
from hub.web.pages import Adoption, AuditPages, Clock, MetricsText, Pages, Readiness, TicketMoves
from hub.web.profile_pages import ProfilePages
from hub.web.provider import Provider
from hub.web.render import Renderer
from hub.web.request_pages import RequestPages
from hub.web.rollout_pages import RolloutPages
from hub.web.school_lists import SchoolLists
from hub.web.search_pages import SearchPages
from hub.web.setting_tables import SettingTable
from hub.web.sun_ahead import SunAhead
from hub.web.trials import Trials


@dataclass(frozen=True, slots=True)
class Services:
    """What stands behind the pages; app.py puts it together."""

    pages: Pages
    insights: Insights
    sun: SunAhead
    trials: Trials
    moves: TicketMoves
    adoption: Adoption
    live: Live
    metrics: MetricsText
    readiness: Readiness
    clock: Clock
    accounts: Accounts
    audit: AuditPages
    feed_keys: FeedKeys
    rollouts: RolloutPages
    profiles: ProfilePages
    lists: SchoolLists
    enrolling: Enrolling
    requests: RequestPages
    search: SearchPages
    explained: Sequence[SettingTable]
    office: OfficePages
    provider: Provider | None = None


@dataclass(frozen=True, slots=True)
class Site(Services):
    """The services, and the renderer."""

    renderer: Renderer = field(kw_only=True)

    @classmethod
    def of(cls, services: Services, renderer: Renderer) -> "Site":
        return cls(**{each.name: getattr(services, each.name) for each in fields(services)}, renderer=renderer)


def base_of(site: Services, request: Request) -> str:
    """Where people reach the pages, without a slash at its end: as it was set, else as this reader does."""
    return (site.accounts.settings.link or str(request.base_url)).rstrip("/")
