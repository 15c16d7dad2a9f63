"""How the pages are set by the hub's settings."""

from hub.config import read_settings
from hub.surface import _web_settings
from hub.web.settings import LOOPBACK_HOSTS


def test_behind_another_server_the_hub_is_asked_for_by_its_name() -> None:
    settings = read_settings(None, {}, {"accounts.link": "https://hub.example:444"})
    assert _web_settings(settings).allowed_hosts == LOOPBACK_HOSTS | {"hub.example"}


def test_on_loopback_no_other_name_is_answered() -> None:
    assert _web_settings(read_settings(None, {}, {})).allowed_hosts == LOOPBACK_HOSTS


def test_elsewhere_any_name_is_answered() -> None:
    assert _web_settings(read_settings(None, {}, {"http.listen": "192.0.2.1:80"})).allowed_hosts is None
