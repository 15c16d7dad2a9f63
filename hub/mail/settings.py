"""[notices]: who is told of incidents by e-mail, and by which server. Off while there is no server or nobody to be told."""

import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from hub.core.notices import Person
from hub.mail.smtp_url import SmtpUrl

Cause = Literal[
    "rain_fade", "sun_outage", "satellite_outage", "area_outage", "school_power_outage", "school_link_outage"
]
UPSTREAM: tuple[Cause, ...] = ("satellite_outage", "area_outage", "school_power_outage", "school_link_outage")
"""What others have to mend. Rain and sun come and go by themselves: they are told to those who ask for them."""
_ADDRESS = re.compile(r"[!-~]{1,64}@[A-Za-z0-9.\-\[\]:]{1,255}")
_NOT_IN_ADDRESS = re.compile(r"[\s<>()\",;\\]")
_MINUTE_MS = 60_000


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text) or _NOT_IN_ADDRESS.search(text) or text.count("@") != 1:
        raise ValueError("is no e-mail address; write name@example.org")
    return text


def _server(text: str) -> str:
    SmtpUrl.parse(text)
    return text


def _link(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", text):
        raise ValueError("is no address of the hub; write https://HOST[/PATH]")
    return text.rstrip("/")


Address = Annotated[str, AfterValidator(_address)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PersonSettings(_Section):
    """causes     what to tell of
    after_min  an incident is told when it has lasted for so long: shorter ones are nobody's business
    """

    address: Address
    language: Literal["th", "en"] = "th"
    causes: tuple[Cause, ...] = UPSTREAM
    after_min: Annotated[float, Field(ge=0, le=720)] = 10.0

    @property
    def person(self) -> Person:
        return Person(self.address, self.language, frozenset(self.causes), round(self.after_min * _MINUTE_MS))


class NoticeSettings(_Section):
    """smtp           smtp://host[:port], encrypted where the server offers it; smtps://host[:port], encrypted from the start
    from           the sender's address
    username       with a password, the hub logs in. It is not sent unencrypted except over loopback
    password_file  holds the password, in place of DLTV_HUB_NOTICES__PASSWORD
    ca_file        certificates that the server's is checked against; without it the system's
    link           where people reach the hub's pages, for links in letters
    """

    smtp: Annotated[str, AfterValidator(_server)] | None = None
    sender: Address | None = Field(None, alias="from")
    username: str | None = None
    password: SecretStr | None = None
    password_file: Path | None = None
    ca_file: Path | None = None
    link: Annotated[str, AfterValidator(_link)] | None = None
    people: tuple[PersonSettings, ...] = ()

    @property
    def readers(self) -> tuple[Person, ...]:
        """Who is told; nobody, where no server takes letters."""
        return tuple(each.person for each in self.people) if self.smtp else ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.smtp is not None and self.sender is None:
            raise ValueError('has a server and no sender; write from = "name@example.org" beside smtp')
        addresses = [each.address for each in self.people]
        if len(set(addresses)) < len(addresses):
            raise ValueError("names an address twice; write one [[notices.people]] for each address")
        return self
