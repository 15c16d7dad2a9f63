"""Device profiles, for who looks after them: which there are, who uses them, and a new one: checked, then signed in a new set."""

from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from hub.core.people import Permission
from hub.web.districts import districts
from hub.web.failures import no_such
from hub.web.gate import gated, needs
from hub.web.listing import Asked, Listing, by_name
from hub.web.mistake_words import mistake_words
from hub.web.principal import principal_of
from hub.web.profile_pages import Checked, Mistake, NotPublished, ProfileLine
from hub.web.site import Site

PAGE = "/admin/profiles"
MOST_BYTES = 100_000
_AT_ONCE = 100
_NOT_TEXT = Mistake(None, "", "the file is no text", "send the .toml file as UTF-8")
Text = Annotated[str, Form(max_length=MOST_BYTES)]
Short = Annotated[str, Query(max_length=200)]


def router(site: Site) -> APIRouter:
    routes = gated(needs(Permission.CONFIGURE), prefix=PAGE)
    pages = _Profiles(site)
    routes.get("")(pages.all)
    routes.get("/export.{kind}")(pages.export)
    routes.get("/check")(pages.begin)
    routes.post("/check")(pages.check)
    routes.post("/publish", dependencies=[needs(Permission.RELEASE)])(pages.publish)
    routes.get("/{vendor}/{model}")(pages.one)
    return routes


class _Profiles:
    def __init__(self, site: Site) -> None:
        self._site, self._profiles = site, site.profiles

    def all(self, request: Request, asked: Asked, kind: Short = "", published: Short = "") -> Response:
        """published: the set that was signed just now."""
        groups = districts(request)
        lines = self._profiles.lines(groups)
        kinds = sorted({each.profile.kind for each in lines})
        found = self._listing(request).found((each for each in lines if not kind or each.profile.kind == kind), asked)
        context = {
            "found": found,
            "lines": found.lines,
            "kind": kind,
            "kinds": [(each, sum(line.profile.kind == each for line in lines)) for each in kinds],
            "count": len(lines),
            "spread": self._profiles.spread(groups),
            "newest": self._profiles.newest(),
            "published": published,
        }
        return self._site.renderer.page(request, "admin/profiles.html", context)

    def export(
        self, request: Request, kind: str, asked: Asked, of: Annotated[str, Query(max_length=200, alias="kind")] = ""
    ) -> Response:
        """of: the kind of equipment, as the page calls it; kind: of the file"""
        listing, lines = self._listing(request), self._profiles.lines(districts(request))
        found = listing.found((each for each in lines if not of or each.profile.kind == of), asked)
        return listing.file(self._site, request, kind, found)

    def _listing(self, request: Request) -> Listing[ProfileLine]:
        language = self._site.renderer.language(request)

        def label(line: ProfileLine) -> str:
            return line.profile.label.en if language.code == "en" else line.profile.label.th

        return Listing(
            "profiles",
            {
                "code": lambda line: line.profile.id,
                "model": lambda line: by_name(label(line)),
                "in_use": lambda line: -line.devices,
            },
            lambda line: (line.profile.id, label(line), line.profile.protocol.name),
            {
                "profile": lambda line: line.profile.id,
                "model": label,
                "kind": lambda line: language.gettext(f"kind.{line.profile.kind}"),
                "protocol": lambda line: line.profile.protocol.name,
                "version": lambda line: line.version,
                "devices": lambda line: line.devices,
                "schools": lambda line: line.schools,
            },
        )

    def one(self, request: Request, vendor: str, model: str) -> Response:
        profile_id, groups = f"{vendor}/{model}", districts(request)
        line = self._profiles.line(profile_id, groups)
        if line is None:
            raise no_such("profile", "model")
        context = {
            "line": line,
            "uses": self._profiles.uses(profile_id, groups, _AT_ONCE),
            "text": self._profiles.text(profile_id),
        }
        return self._site.renderer.page(request, "admin/profile.html", context)

    def begin(self, request: Request, like: Short = "") -> Response:
        """like: the profile to begin with."""
        return self._page(request, text=self._profiles.text(like))

    def check(self, request: Request, text: Text = "", file: Annotated[UploadFile | None, File()] = None) -> Response:
        """A file where one was sent, else what was typed."""
        if file is None or not file.filename:
            return self._checked(request, _plain(text))
        try:
            return self._checked(request, _plain(file.file.read(MOST_BYTES + 1).decode()))
        except UnicodeDecodeError:
            return self._page(request, checked=Checked(None, (_NOT_TEXT,)))

    def publish(self, request: Request, text: Text = "") -> Response:
        text = _plain(text)
        done = self._profiles.publish(text, principal_of(request))
        if isinstance(done, NotPublished):
            return self._checked(request, text, done)
        return RedirectResponse(f"{PAGE}?published={done}", status_code=303)

    def _checked(self, request: Request, text: str, refusal: NotPublished | None = None) -> Response:
        return self._page(request, text=text, checked=self._profiles.check(text), refusal=refusal)

    def _page(self, request: Request, **more: Any) -> Response:
        context = {"text": "", "checked": None, "refusal": None, "newest": self._profiles.newest(), **more}
        context["said"] = mistake_words(self._site.renderer.language(request)).say
        checked = context["checked"]
        wrong = context["refusal"] is not None or (checked is not None and checked.profile is None)
        return self._site.renderer.page(request, "admin/profile_check.html", context, status=422 if wrong else 200)


def _plain(text: str) -> str:
    """Browsers send the lines of a field with two signs at their ends."""
    return text.replace("\r\n", "\n")
