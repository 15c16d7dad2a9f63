"""[[help_desks]]: the help desks of an office that take our tickets and requests."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from hub.helpdesks.errors import DeskRefuses

_MOST_SECRET = 4096


class DeskSettings(BaseModel):
    """One help desk. It is reached from the hub's own computer, so that it may stand in the office's network."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")] = Field(description="What it is called here.")
    kind: Literal["request_tracker", "glpi", "zammad"] = Field(description="Which program it is.")
    url: Annotated[str, Field(pattern=r"^https?://[^\s?#@]+$")] = Field(
        description="Where it stands: `https://HOST[/PATH]`, without the path of its API."
    )
    queue: Annotated[str, Field(min_length=1, max_length=100)] = Field(
        "General", description="The queue, group or category number that cases are made in."
    )
    username: str | None = Field(None, description="Of our account there; without it the secret is a token.")
    customer: str | None = Field(
        None, description="Zammad only: e-mail address of the customer that cases are made for."
    )
    secret: SecretStr | None = Field(None, description="Password or token; better in `secret_file`.")
    secret_file: Path | None = Field(None, description="Holds the password or the token.")
    ca_file: Path | None = Field(None, description="Certificates that its own is checked against; else the system's.")
    takes: tuple[Literal["ticket", "request"], ...] = Field(
        ("ticket",),
        min_length=1,
        description="What is handed over: tickets of the hub, requests of the office, or both.",
    )
    language: Literal["th", "en"] = Field("th", description="Of titles and comments.")
    every_min: float = Field(5.0, ge=1, le=1440, description="How often it is asked how its cases stand.")

    @model_validator(mode="after")
    def _has_a_secret(self) -> Self:
        if self.secret is None and self.secret_file is None:
            raise ValueError("has no secret; write secret_file = PATH of a file that holds the password or the token")
        return self

    def password(self) -> str:
        """Read anew each time: a changed file needs no restart. Raises DeskRefuses."""
        if self.secret_file is None:
            return self.secret.get_secret_value() if self.secret else ""
        try:
            with self.secret_file.open(encoding="utf-8") as file:
                return file.read(_MOST_SECRET).strip()
        except (OSError, UnicodeDecodeError):
            raise DeskRefuses(f"help_desks: secret_file of {self.name} cannot be read") from None
