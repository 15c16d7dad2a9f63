"""The list of needs: in which orders it stands, what is searched in it, and what its file tells."""

from fastapi import Request

from hub.core.needs import Need
from hub.web.listing import Listing, by_name, falling
from hub.web.site import Site


def need_list(site: Site, request: Request) -> Listing[Need]:
    language, figures = site.renderer.language(request), site.renderer.figures(request)

    def kind(need: Need) -> str:
        return language.gettext(f"kind.{need.kind}")

    return Listing(
        "needs",
        {
            "urgent": lambda _need: 0,
            "school": lambda need: by_name(need.school_name or need.school),
            "kind": lambda need: by_name(kind(need)),
            "price": lambda need: falling(need.price_satang),
            "year": lambda need: need.fiscal_year,
            "lost": lambda need: -need.lost_min,
        },
        lambda need: (need.school_name, need.school, need.number, need.name, need.room, kind(need)),
        {
            "advice": lambda need: language.gettext(f"advice.{need.advice.value}"),
            "kind": kind,
            "piece": lambda need: need.name,
            "asset_number": lambda need: need.number,
            "district": lambda need: need.group,
            "code": lambda need: need.school,
            "school": lambda need: need.school_name,
            "room": lambda need: need.room,
            "year": lambda need: need.fiscal_year,
            "price": lambda need: None if need.price_satang is None else need.price_satang / 100,
            "pupils": lambda need: need.pupils,
            "lost_min": lambda need: round(need.lost_min),
            "reasons": lambda need: "; ".join(figures.text(each) for each in need.reasons),
        },
    )
