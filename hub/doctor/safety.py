"""What helps when all else fails: backups. And the way by which people are told: mail."""

import os
import socket
from collections.abc import Iterator

from hub.backups.names import newest
from hub.config import HubSettings
from hub.doctor.findings import Finding, bad, doubtful, good
from hub.mail.smtp_url import SmtpUrl

_HOUR_MS = 3_600_000
_FRESH_H, _OLD_H = 26, 24 * 7
_WITHIN_S = 5.0
_TIMER = "systemctl status dltv-hub-backup.timer; journalctl -u dltv-hub-backup; or run dltv-hub backup by hand"


def backups(settings: HubSettings, now: int) -> Iterator[Finding]:
    folder = settings.backup.directory
    if folder is None:
        yield bad("backups", "there are none", "write [backup] directory, and let dltv-hub backup run every night")
        return
    try:
        last = newest(os.listdir(folder))  # noqa: PTH208  names only
    except OSError as error:
        yield bad("backups", f"{folder} cannot be read ({error.strerror})", _TIMER)
        return
    if last is None:
        yield bad("backups", f"there is none in {folder}", _TIMER)
        return
    name, made = last
    hours = (now - made) / _HOUR_MS
    told = f"the last one, {name}, is {hours:.0f} h old"
    if hours > _OLD_H:
        yield bad("backups", told, _TIMER)
    elif hours > _FRESH_H:
        yield doubtful("backups", told, _TIMER)
    else:
        yield good("backups", told)
    if folder.stat().st_dev == settings.data_dir.stat().st_dev:
        way_out = "put [backup] directory on another disk, or copy it to another computer every night"
        yield doubtful("backups", "they are on the same disk as the hub", way_out)


def mail(settings: HubSettings) -> Iterator[Finding]:
    notices = settings.notices
    if notices.smtp is None:
        yield doubtful(
            "mail",
            "no server is set: nobody is told of incidents by e-mail",
            "write [notices] smtp and from, or leave it",
        )
        return
    url = SmtpUrl.parse(notices.smtp)
    try:
        socket.create_connection((url.host, url.port), _WITHIN_S).close()
    except OSError as error:
        yield bad("mail", f"{url} is not reached ({error})", "see [notices] smtp, and the firewall")
        return
    if notices.link is None:
        yield doubtful("mail", f"{url} is reached; letters have no link", 'write [notices] link = "https://HUB"')
    else:
        yield good("mail", f"{url} is reached, {len(notices.people)} people are told")
