"""What the hub is set to, and why: for its administrator, who changes it in hub.toml."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hub.core.people import Permission
from hub.web.gate import gated, needs
from hub.web.site import Site

PAGE = "/admin/settings"


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.MANAGE_PEOPLE))

    @routes.get(PAGE)
    def page(request: Request, changed: bool = False) -> Response:
        """changed: only what is not as it comes."""
        shown = [(table, [each for each in table.settings if each.changed or not changed]) for table in site.explained]
        count = sum(each.changed for table in site.explained for each in table.settings)
        context = {"tables": [each for each in shown if each[1]], "changed": changed, "count": count}
        return site.renderer.page(request, "admin/settings.html", context)

    return routes
