"""`dltv-hub token`: API tokens, by which programs act for a person with part of what that person may."""

import argparse
import sys
from contextlib import closing

from hub.accounts.errors import NoSuchPerson
from hub.accounts.person import normal_login
from hub.accounts.records import Token
from hub.accounts.service import Accounts
from hub.accounts.tokens import Wish
from hub.admission import accounts_on
from hub.commands.columns import in_columns, moment
from hub.commands.mistake import CommandMistake
from hub.commands.options import add_settings, settings_of
from hub.config import HubSettings
from hub.core.people import AT_THE_CONSOLE, Permission
from hub.mqtt.host_client import utc_ms
from hub.store.opening import open_there

HELP = "API tokens: issue, list, revoke"


def add(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    issue = verbs.add_parser("issue", help="a new one; it is shown once")
    issue.add_argument("login", metavar="LOGIN", help="for whom it acts")
    issue.add_argument("--name", required=True, help="what it is for")
    scopes = [permission.value for permission in Permission]
    issue.add_argument("--scope", action="append", required=True, choices=scopes, help="may be given several times")
    issue.add_argument("--days", type=int, default=90, metavar="N", help="how long it is good (90)")
    listed = verbs.add_parser("list", help="all, or those of one person")
    listed.add_argument("login", metavar="LOGIN", nargs="?")
    revoke = verbs.add_parser("revoke", help="end one")
    revoke.add_argument("number", type=int, metavar="NUMBER", help="as the list tells it")
    for each in (issue, listed, revoke):
        add_settings(each)


def run(options: argparse.Namespace) -> int:
    settings = settings_of(options)
    with closing(open_there(settings.store_url)) as store:
        accounts = accounts_on(store, settings.accounts)
        if options.verb == "issue":
            return _issue(accounts, options, settings)
        if options.verb == "revoke":
            return _revoke(accounts, options.number)
        return _list(accounts, options.login, settings)


def _issue(accounts: Accounts, options: argparse.Namespace, settings: HubSettings) -> int:
    scopes = frozenset(map(Permission, options.scope))
    wish = Wish(_person(accounts, options.login), options.name, scopes, options.days)
    issued = accounts.tokens.issue(AT_THE_CONSOLE, wish, utc_ms())
    print(issued.secret)
    until = moment(issued.token.expires_at, settings)
    print(f"token {issued.token.id}, good until {until}; it is not shown again", file=sys.stderr)
    return 0


def _list(accounts: Accounts, login: str | None, settings: HubSettings) -> int:
    logins = {each.id: each.login for each in accounts.people.all()}
    now = utc_ms()
    head = ("number", "login", "name", "scopes", "state", "until", "used")
    found = accounts.tokens.all(None if login is None else _person(accounts, login))
    rows = [
        (
            each.id,
            logins[each.person_id],
            each.name,
            " ".join(sorted(each.scopes)),
            _state(each, now),
            moment(each.expires_at, settings),
            moment(each.used_at, settings),
        )
        for each in found
    ]
    print(*in_columns([head, *rows]), sep="\n")
    return 0


def _state(token: Token, now: int) -> str:
    if token.revoked_at is not None:
        return "revoked"
    return "good" if token.is_valid(now) else "over"


def _revoke(accounts: Accounts, number: int) -> int:
    if not accounts.tokens.revoke(AT_THE_CONSOLE, number, utc_ms()):
        raise CommandMistake(f"there is no token {number} that is good; see dltv-hub token list")
    return 0


def _person(accounts: Accounts, login: str) -> int:
    person = accounts.people.by_login(normal_login(login))
    if person is None:
        raise NoSuchPerson(f"nobody has the login {login}; see dltv-hub people list")
    return person.id
