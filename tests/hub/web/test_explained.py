"""What the hub is set to, for its administrator, with a sentence for each value."""

from collections.abc import Callable, Iterator

import httpx
import pytest
from pydantic import SecretStr

from hub.accounts.settings import AccountsSettings
from hub.config import HubSettings
from hub.core.people import Role
from hub.detection.settings import CalendarSettings, DetectionSettings
from hub.surface import _EXPLAINED
from hub.web.language import load_language
from hub.web.setting_tables import Setting, setting_tables
from tests.hub.web.looking import Seats, look


def every_setting() -> Iterator[tuple[str, Setting]]:
    settings = HubSettings(calendar=CalendarSettings.model_validate({}))
    for table in setting_tables({name: getattr(settings, name) for name in _EXPLAINED}):
        yield from ((f"{table.name}.{each.name}", each) for each in table.settings)


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_setting_is_explained_in_the_readers_language(language: str) -> None:
    spoken = load_language(language)
    told = {name: spoken.lookup(f"setting.{name}") for name, _ in every_setting()}
    assert [name for name, words in told.items() if not words] == []
    if language == "en":
        assert told == {name: each.why for name, each in every_setting()}


def test_what_was_changed_is_told_with_what_it_comes_as() -> None:
    (table, *_) = setting_tables({"detection": DetectionSettings(silent_class_min=30)})
    (told,) = [each for each in table.settings if each.name == "silent_class_min"]
    assert (told.value, told.default, told.changed) == ("30", "50", True)
    assert [each.name for each in table.settings if each.changed] == ["silent_class_min"]


def test_a_secret_is_never_shown() -> None:
    oidc = AccountsSettings().oidc.model_copy(update={"client_secret": SecretStr("very secret")})
    tables = setting_tables({"accounts": AccountsSettings().model_copy(update={"oidc": oidc})})
    assert "very secret" not in repr(tables)
    (told,) = [each for table in tables for each in table.settings if each.name == "client_secret"]
    assert told.secret
    assert told.changed


def test_only_who_looks_after_people_sees_it(as_role: Callable[[Role], httpx.Client]) -> None:
    assert as_role(Role.DIRECTOR).get("/admin/settings").status_code == 403


def test_an_administrator_looks_at_all_and_at_what_was_changed(sit: Seats) -> None:
    page = sit(Role.ADMIN)
    page.goto("/manage")
    page.locator("main a[href='/admin/settings']").click()
    look(page, "settings")
    page.locator("#changed").click()
    page.wait_for_url("**changed=true")
    look(page, "settings-changed")
