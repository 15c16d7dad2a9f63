"""How a test looks at a page: who sits in front of which screen, and what holds for every page there is.

A page is looked at when it has settled. `look` then holds that nothing runs off the side, what is tapped is as large as a
finger, and each field has a name; `Seats` that no page complained or asked anybody else. With DLTV_PICTURES each
look leaves a picture there.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from hub.core.people import Role
from tools.test_services import browser_path

PATIENCE_MS = 60_000
AXE = Path(__file__).parents[2] / "thirdparty" / "node_modules" / "axe-core" / "axe.min.js"
"""Fetched by `python -m tools.test_services`."""
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_AXE = """axe.run(document, { runOnly: rules, resultTypes: ["violations"] }).then((found) => found.violations.map(
    (each) => `${each.id} (${each.help}): ` + each.nodes.slice(0, 4).map((node) => node.html.slice(0, 160) + " — "
        + [...node.any, ...node.all, ...node.none].map((why) => why.message).join("; ")).join(" | ")))"""
_ARGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
_TELLS = "addEventListener('securitypolicyviolation', (e) => console.error('CSP', e.violatedDirective, e.blockedURI))"
_REFUSED = ("status of 409", "status of 422", "Service Worker registration blocked by Playwright")
"""A form that is refused is answered so, which a browser notes as well; and a worker that is not wanted."""
_TAPPED = (
    ".nav a, .switch, .me, .find, .chip, .choice, .button, .row, main select, main textarea, main summary,"
    " main input:not([type=hidden], [type=checkbox], [type=radio])"
)
_SMALL = """(tapped) => [...document.querySelectorAll(tapped)]
    .filter((target) => target.checkVisibility() && target.getBoundingClientRect().height < 44)
    .map((target) => target.outerHTML.slice(0, 90))"""
_UNNAMED = """() => [...document.querySelectorAll("main input:not([type=hidden]), main select, main textarea")]
    .filter((field) => !field.labels.length && !field.ariaLabel && !field.getAttribute("aria-labelledby"))
    .map((field) => field.outerHTML)"""
_TOO_WIDE = """() => {
    const wide = document.documentElement.scrollWidth;
    const over = (each) => each.getBoundingClientRect().right > innerWidth + 1;
    return wide <= innerWidth ? [] : [wide, ...[...document.querySelectorAll("main *")].filter(over)
        .map((each) => each.outerHTML.slice(0, 90)).slice(0, 5)];
}"""
_UNFOLD = """() => document.querySelectorAll("main details").forEach((fold) => { fold.open = true })"""
_LOADED = """() => document.fonts.ready.then(() => true)"""
_LOOK = f"""async (_, tapped) => {{
    await document.fonts.ready;
    return {{
        "runs off the side": ({_TOO_WIDE})(), "too small": ({_SMALL})(tapped), "without a name": ({_UNNAMED})(),
    }};
}}"""


@dataclass(frozen=True, slots=True)
class Screen:
    """What a page is looked at on."""

    width: int
    height: int
    language: str
    scheme: Literal["light", "dark"] = "light"

    def __str__(self) -> str:
        return f"{self.width}-{self.language}-{self.scheme}"


PHONE = Screen(360, 740, "th")
PHONE_EN = replace(PHONE, language="en")
DESK = Screen(1280, 800, "en", "dark")
DESK_TH = Screen(1280, 800, "th")


@contextmanager
def chromium() -> Iterator[Browser]:
    # A machine that does other work as well is slow, not wrong.
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=_ARGS.split())
        yield browser
        browser.close()


class Seats:
    """People in front of screens of their own, at one hub. `checked`: most pages are, so that axe comes with each of them."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        session: Callable[[Role], str],
        screen: Screen = PHONE,
        *,
        checked: bool = False,
    ) -> None:
        self.browser, self.url, self.screen, self._checked = browser, url, screen, checked
        self._session = session
        self._pages: dict[tuple[Role | None, Screen], Page] = {}
        self._contexts: list[BrowserContext] = []
        self._complaints: list[str] = []

    def __call__(self, role: Role | None, screen: Screen | None = None) -> Page:
        """The page of somebody of a role, or of somebody who has not signed in; the same one when asked again."""
        seat = (role, screen or self.screen)
        if seat not in self._pages:
            self._pages[seat] = self.another(role, screen)
        return self._pages[seat]

    def another(self, role: Role | None, screen: Screen | None = None, *, worker: bool = True) -> Page:
        """In a browser that shares nothing with the others.

        Whoever answers a page's requests himself wants no `worker`: what is asked while it takes the page over is
        told to nobody.
        """
        screen = screen or self.screen
        context = self.browser.new_context(
            base_url=self.url,
            viewport={"width": screen.width, "height": screen.height},
            has_touch=screen.width < 500,
            color_scheme=screen.scheme,
            reduced_motion="reduce",
            accept_downloads=True,
            service_workers="allow" if worker else "block",
        )
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(_TELLS)
        if self._checked:
            context.add_init_script(path=AXE)
        cookies = {"lang": screen.language} | ({"session": self._session(role)} if role else {})
        for name, value in cookies.items():
            context.add_cookies([{"name": name, "value": value, "url": self.url}])
        context.on("page", self._listen)
        return context.new_page()

    def _listen(self, page: Page) -> None:
        page.on("console", lambda message: self._complain(page, f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self._complain(page, str(error)))
        page.on("request", lambda request: self._ask(page, request.url))

    def _complain(self, page: Page, text: str) -> None:
        if not any(each in text for each in _REFUSED):
            self._complaints.append(f"{page.url}: {text}")

    def _ask(self, page: Page, url: str) -> None:
        asked = urlsplit(url)
        if asked.scheme in ("http", "https", "ws", "wss") and asked.netloc != urlsplit(self.url).netloc:
            self._complain(page, f"asked {url}")

    def complaints(self) -> list[str]:
        """What the pages said that no page should say, since it was asked for last."""
        told, self._complaints = self._complaints, []
        return told

    def close(self) -> None:
        for context in self._contexts:
            context.close()


def settle(page: Page) -> None:
    """Until the page that is being loaded is there, and a form that was sent has its answer."""
    page.wait_for_load_state("load")
    expect(page.locator("form[data-busy='']")).to_have_count(0, timeout=PATIENCE_MS)
    expect(page.locator("main")).to_be_visible(timeout=PATIENCE_MS)


def measure(page: Page, script: str, argument: Any = None) -> Any:
    """What a script finds in the page that stays: one that is just being taken away is not measured."""
    for _ in range(5):
        settle(page)
        try:
            return page.locator("main").evaluate(script, argument)
        except Error as error:
            if "navigat" not in error.message and "destroyed" not in error.message:
                raise
    raise AssertionError(f"{page.url}: comes to no rest")


def unfold(page: Page) -> None:
    """Open what is folded away: it has no size before."""
    measure(page, _UNFOLD)


def look(page: Page, name: str = "") -> None:
    """The page fits its screen, what is tapped is large, and every field has a name."""
    picture(page, name)
    found = measure(page, _LOOK, _TAPPED)
    assert not any(found.values()), f"{page.url}: {_told(found)}"


def check(page: Page) -> None:
    """No rule of accessibility that a program can judge is broken."""
    found = measure(page, _AXE_THERE, _RULES)
    if found is None:
        found = measure(page, _with_axe(), _RULES)
    assert found == [], f"{page.url}: {_told(dict(enumerate(found)))}"


_AXE_THERE = f"(_, rules) => 'axe' in window ? {_AXE} : null"


@cache
def _with_axe() -> str:
    return f"(_, rules) => {{ if (!window.axe) {{ {AXE.read_text('utf-8')} }}\n return {_AXE} }}"


def _told(found: Mapping[Any, Any]) -> str:
    return "\n".join(f"{what}: {which}" for what, which in found.items() if which)


def picture(page: Page, name: str) -> None:
    """For whoever wants to see the pages with their own eyes."""
    if (folder := os.environ.get("DLTV_PICTURES")) and name:
        measure(page, _LOADED)
        size = page.viewport_size or {"width": 0}
        language = page.locator("html").get_attribute("lang")
        Path(folder).mkdir(parents=True, exist_ok=True)
        # To hide the caret, a style would be written into the page, which its policy forbids.
        page.screenshot(caret="initial", path=Path(folder) / f"{name}-{size['width']}-{language}.png", full_page=True)
