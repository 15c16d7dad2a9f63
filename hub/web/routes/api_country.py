"""The JSON API of many districts: what was counted of each."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from hub.core.districts import District, DistrictCount
from hub.core.people import Permission
from hub.web.api_models import Page
from hub.web.district_names import district_of
from hub.web.districts import own_districts
from hub.web.gate import gated_api, needs
from hub.web.site import Site


class DistrictModel(BaseModel):
    """A district, as it was counted last."""

    code: str
    name_th: str
    name_en: str
    province_th: str
    province_en: str
    counted_at: int | None = Field(description="ms since 1970 UTC; null: not counted yet, and nothing is known of it")
    schools: int = Field(description="of the register")
    agents: int = Field(description="computers of schools that have ever reported")
    silent: int = Field(description="of them, those without a session")
    available: float | None = Field(
        description="share of class today in which lessons could be shown; null: no class yet"
    )
    lost_min: dict[str, float] = Field(description="lesson minutes lost today, by cause")
    lost_month_min: dict[str, float] = Field(description="of the month so far, today among it")
    open_tickets: list[int] = Field(description="by age: younger than 1, 3 and 7 days, and older")
    overdue_requests: int

    @classmethod
    def of(cls, district: District, count: DistrictCount) -> "DistrictModel":
        return cls(
            code=district.code,
            name_th=district.name("th"),
            name_en=district.name("en"),
            province_th=district.province("th"),
            province_en=district.province("en"),
            counted_at=count.at,
            schools=count.schools,
            agents=count.agents,
            silent=count.silent,
            available=count.available,
            lost_min=dict(count.lost),
            lost_month_min=dict(count.lost_month),
            open_tickets=list(count.ages),
            overdue_requests=count.overdue,
        )


def router(site: Site) -> APIRouter:
    routes = gated_api(needs(Permission.SEE_REPORTS, cut=True))

    @routes.get("/districts")
    def districts(request: Request) -> Page[DistrictModel]:
        """The districts of whoever asks, counted every two minutes."""
        found = site.office.country.districts(own_districts(request))
        items = [DistrictModel.of(district_of(request, code), each) for code, each in sorted(found.items())]
        return Page(items=items, next=None)

    return routes
