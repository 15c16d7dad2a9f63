"""Hands letters to a mail server (RFC 5321) with smtplib: one connection a letter. Decides nothing about when and to whom.

A letter is handed over when the server has answered the message with 250; what goes wrong afterwards does not count.
"""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from pydantic import SecretStr

from hub.core.notices import Letter
from hub.mail.errors import LetterDelayed, LetterRefused, MailError, MailTrouble
from hub.mail.settings import NoticeSettings
from hub.mail.smtp_url import SmtpUrl

_TIMEOUT_S = 15.0
_MOST_SECRET = 4096


@dataclass(frozen=True, slots=True)
class Account:
    """How to get in. Its text never shows the password."""

    username: str | None = None
    password: SecretStr | None = None
    password_file: Path | None = None

    def secret(self) -> str | None:
        """Read anew for each letter: a changed file needs no restart."""
        if self.password_file is None:
            return self.password.get_secret_value() if self.password else None
        try:
            with self.password_file.open(encoding="utf-8") as file:
                return file.read(_MOST_SECRET).strip()
        except (OSError, UnicodeDecodeError):
            raise MailTrouble("notices.password_file cannot be read") from None


class Post:
    """A mail server and who we are to it."""

    def __init__(self, url: SmtpUrl, sender: str, account: Account, ca_file: Path | None = None) -> None:
        self._url, self._sender, self._account, self._ca_file = url, sender, account, ca_file

    def send(self, letter: Letter, now: int) -> None:
        """Raises MailError."""
        message = written(letter, self._sender, now)
        try:
            server = self._connect()
            try:
                self._enter(server)
                server.send_message(message, self._sender, [letter.to])
            except BaseException:
                server.close()
                raise
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        except (smtplib.SMTPException, OSError) as error:
            raise self._ours(error) from None

    def _connect(self) -> smtplib.SMTP:
        if self._url.tls:
            return smtplib.SMTP_SSL(self._url.host, self._url.port, timeout=_TIMEOUT_S, context=self._tls())
        return smtplib.SMTP(self._url.host, self._url.port, timeout=_TIMEOUT_S)

    def _enter(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        safe = self._url.tls or self._url.is_loopback
        if not self._url.tls and server.has_extn("starttls"):
            server.starttls(context=self._tls())
            safe = True
        password = self._account.secret()
        if self._account.username is None or password is None:
            return
        if not safe:
            raise MailTrouble(f"{self._url} offers no encryption: the password is not sent to it; use smtps://")
        server.login(self._account.username, password)

    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._ca_file)

    def _ours(self, error: Exception) -> MailError:
        """What the server said stays out: it may repeat the password."""
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return MailTrouble(f"{self._url} refuses the user or the password ({error.smtp_code})")
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            return self._of_letter(next(code for code, _ in error.recipients.values()))
        if isinstance(error, smtplib.SMTPDataError):
            return self._of_letter(error.smtp_code)
        if isinstance(error, smtplib.SMTPSenderRefused):
            return MailTrouble(f"{self._url} refuses the sender ({error.smtp_code})")
        if isinstance(error, smtplib.SMTPResponseException):
            return MailTrouble(f"{self._url} answers {error.smtp_code}")
        if isinstance(error, ssl.SSLCertVerificationError):
            return MailTrouble(f"the certificate of {self._url} is not trusted: {error.verify_message}")
        return MailTrouble(f"{self._url} cannot be used ({type(error).__name__})")

    def _of_letter(self, code: int) -> MailError:
        if code >= 500:
            return LetterRefused(f"{self._url} refuses the letter ({code})")
        return LetterDelayed(f"{self._url} does not take the letter now ({code})")


def post_of(settings: NoticeSettings) -> Post | None:
    """None: there is no mail server."""
    if settings.smtp is None or settings.sender is None:
        return None
    account = Account(settings.username, settings.password, settings.password_file)
    return Post(SmtpUrl.parse(settings.smtp), settings.sender, account, settings.ca_file)


def written(letter: Letter, sender: str, now: int) -> EmailMessage:
    """As it goes over the line: seven bits, whatever the language."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = sender, letter.to
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = format_datetime(datetime.fromtimestamp(now / 1000, UTC))
    message["Message-ID"] = f"<{letter.message_id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = letter.language
    message.set_content(letter.body, cte="base64")
    return message
