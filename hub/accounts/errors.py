"""What can be wrong with what was asked of the accounts. `code` is a word for the catalogues, `str` a line for the operator.

AccountError
├── PasswordRefused    the new password is too weak; `flaw` says why
├── LoginRefused       no name to sign in by
├── LoginTaken         somebody has it already
├── NoSuchPerson       or no longer
├── NotEnded           an account is erased only after it was ended
├── LastAdmin          nobody would be left who can manage people
├── LinkRefused        the one-time link is unknown, used, void or over: which, is nobody's business
├── ScopesRefused      a token may not more than its owner; or its owner may have none
└── TooBusy            too many passwords are being checked at once; trying again helps
"""

from hub.accounts.flaws import PasswordFlaw


class AccountError(Exception):
    """It cannot be done."""

    code = "account"


class PasswordRefused(AccountError):
    code = "password"

    def __init__(self, flaw: PasswordFlaw) -> None:
        super().__init__(f"the password is refused: {flaw.value}")
        self.flaw = flaw


class LoginRefused(AccountError):
    code = "login"


class LoginTaken(AccountError):
    code = "login_taken"


class NoSuchPerson(AccountError):
    code = "no_person"


class NotEnded(AccountError):
    code = "not_ended"


class LastAdmin(AccountError):
    code = "last_admin"


class LinkRefused(AccountError):
    code = "link"


class ScopesRefused(AccountError):
    code = "scopes"


class TooBusy(AccountError):
    code = "busy"
