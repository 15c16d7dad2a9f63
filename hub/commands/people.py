"""`dltv-hub people`: who may sign in; invitations, new passwords, the way back in for an admin."""

import argparse
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from hub.accounts.errors import NoSuchPerson
from hub.accounts.links import Made
from hub.accounts.person import Person, Place, normal_login
from hub.accounts.service import Accounts
from hub.admission import accounts_on, base_of
from hub.commands.columns import in_columns, moment
from hub.commands.mistake import CommandMistake
from hub.commands.options import add_settings, settings_of
from hub.config import HubSettings
from hub.core.people import AT_THE_CONSOLE, Role
from hub.mqtt.host_client import utc_ms
from hub.office.personal import Personal
from hub.store.opening import open_there

HELP = "who may sign in: list, invite, reset, deactivate, reactivate, admin-link; and their data: export, erase, named"


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a verb works with."""

    accounts: Accounts
    personal: Personal
    settings: HubSettings
    options: argparse.Namespace
    now: int

    @property
    def person(self) -> Person:
        person = self.accounts.people.by_login(normal_login(self.options.login))
        if person is None:
            raise NoSuchPerson(f"nobody has the login {self.options.login}; see dltv-hub people list")
        return person


def add(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    parsers = {name: verbs.add_parser(name, help=told) for name, told in _HELP.items()}
    for name in ("invite", "reset", "deactivate", "reactivate", "export", "erase"):
        parsers[name].add_argument("login", metavar="LOGIN")
    parsers["named"].add_argument("text", metavar="TEXT", help="a name or a phone number, as it was written")
    invite = parsers["invite"]
    roles = [role.value for role in Role]
    invite.add_argument("--role", action="append", required=True, choices=roles, help="may be given several times")
    invite.add_argument("--name", default="", help="to be shown")
    invite.add_argument("--school", metavar="CODE", help="the own school")
    invite.add_argument("--group", action="append", metavar="G", help="only these districts")
    for each in parsers.values():
        add_settings(each)


def run(options: argparse.Namespace) -> int:
    settings = settings_of(options)
    with closing(open_there(settings.store_url)) as store:
        accounts, personal = accounts_on(store, settings.accounts), Personal(store, utc_ms)
        _VERBS[options.verb](_Desk(accounts, personal, settings, options, utc_ms()))
    return 0


def _list(desk: _Desk) -> None:
    rows = [_row(each, desk.settings) for each in desk.accounts.people.all()]
    print(*in_columns([("login", "name", "roles", "school", "districts", "state", "signed in"), *rows]), sep="\n")


def _row(person: Person, settings: HubSettings) -> tuple[object, ...]:
    place = person.place
    groups = "all" if place.groups is None else " ".join(sorted(place.groups))
    return (
        person.login,
        place.name,
        " ".join(sorted(place.roles)),
        place.school,
        groups,
        _state(person),
        moment(person.signed_in_at, settings),
    )


def _state(person: Person) -> str:
    if person.is_erased:
        return "erased"
    if not person.active:
        return "ended"
    return "active" if person.password or person.issuer else "invited"


def _invite(desk: _Desk) -> None:
    options = desk.options
    groups = None if options.group is None else frozenset(options.group)
    place = Place(options.name, frozenset(map(Role, options.role)), options.school, groups)
    _show(desk, desk.accounts.links.invite(AT_THE_CONSOLE, options.login, place, desk.now))


def _reset(desk: _Desk) -> None:
    _show(desk, desk.accounts.links.reset(AT_THE_CONSOLE, desk.person.id, desk.now))


def _deactivate(desk: _Desk) -> None:
    desk.accounts.people.deactivate(AT_THE_CONSOLE, desk.person.id, desk.now)


def _reactivate(desk: _Desk) -> None:
    desk.accounts.people.reactivate(AT_THE_CONSOLE, desk.person.id, desk.now)


def _export(desk: _Desk) -> None:
    print(desk.personal.export(desk.person.id, AT_THE_CONSOLE).decode())


def _erase(desk: _Desk) -> None:
    number = desk.person.id
    gone = desk.personal.erase(number, AT_THE_CONSOLE)
    told = ", ".join(f"{count} {name}" for name, count in gone.items() if count)
    print(f"erased: the account, {told}" if told else "erased: the account")
    print(f"histories go on naming person {number}, as the law has the office keep them", file=sys.stderr)


def _named(desk: _Desk) -> None:
    found = desk.personal.named(desk.options.text, AT_THE_CONSOLE)
    if found is None:
        raise CommandMistake("give at least three letters or digits of the name or phone number")
    print(found.decode())


def _admin_link(desk: _Desk) -> None:
    _show(desk, desk.accounts.links.admin(AT_THE_CONSOLE, desk.now))


def _show(desk: _Desk, made: Made) -> None:
    """The link alone on stdout, so that it can be handed on."""
    print(made.url(base_of(desk.settings)))
    print(f"good once, until {moment(made.expires_at, desk.settings)}; hand it over in private", file=sys.stderr)


_VERBS: dict[str, Callable[[_Desk], None]] = {
    "list": _list,
    "invite": _invite,
    "reset": _reset,
    "deactivate": _deactivate,
    "reactivate": _reactivate,
    "admin-link": _admin_link,
    "export": _export,
    "erase": _erase,
    "named": _named,
}
_HELP = {
    "list": "everybody, with roles and state",
    "invite": "a new person, and the link by which they set a password",
    "reset": "end somebody's password and sessions, and make a link for a new one",
    "deactivate": "end an account with its sessions and tokens",
    "reactivate": "let somebody in again",
    "admin-link": "a link that makes one more admin: the way back in",
    "export": "all that the hub knows of somebody, as JSON",
    "erase": "erase the data of an account that was ended, as far as the law lets an office forget",
    "named": "where a name or phone number stands that somebody without an account wrote, as JSON",
}
