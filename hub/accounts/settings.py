"""What an operator may set about accounts: [accounts] of hub.toml."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from hub.core.people import Role

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PasswordSettings(_Section):
    """How strong passwords must be, and what guessing costs."""

    min_length: int = Field(
        12,
        ge=8,
        le=64,
        description="Letters of a new password. There are no rules about kinds of letters: length is what helps.",
    )
    tries: int = Field(
        5,
        ge=1,
        le=100,
        description="Wrong passwords for one account that cost nothing; from then on each makes it wait.",
    )
    address_tries: int = Field(
        20,
        ge=1,
        le=10_000,
        description="The same for one address, whatever the accounts. A school behind one address shares it.",
    )
    first_wait_s: int = Field(30, ge=1, le=3600, description="The first wait; each further wrong password doubles it.")
    longest_wait_min: int = Field(
        15,
        ge=1,
        le=1440,
        description="No wait is longer: whoever guesses at an account can hinder its owner, not shut them out.",
    )
    forget_h: int = Field(24, ge=1, le=720, description="Wrong passwords are forgotten after so long without another.")


class SessionSettings(_Section):
    """How long somebody stays signed in."""

    idle_h: float = Field(
        12, gt=0, le=720, description="Without anything asked for so long, a session ends: a working day."
    )
    longest_days: float = Field(7, gt=0, le=90, description="After so long everybody signs in again.")


class LinkSettings(_Section):
    """How long one-time links can be used."""

    admin_h: float = Field(
        24, gt=0, le=168, description="The link by which the first admin, or one more, makes an account."
    )
    invitation_days: float = Field(7, gt=0, le=30, description="An invitation: people are on leave.")
    reset_h: float = Field(24, gt=0, le=168, description="A link that sets a new password.")


class AuditSettings(_Section):
    """The record of sign-ins and changes."""

    keep_days: int = Field(
        365,
        ge=90,
        le=3650,
        description="Older entries are dropped. The law asks for 90 days; the database itself refuses to drop what is younger.",
    )


class OidcSettings(_Section):
    """Signing in by an OpenID provider of the office. Off without an issuer."""

    issuer: str | None = Field(
        None, description="Its address, as it stands in its tokens; what else is needed is found under `.well-known`."
    )
    client_id: str = Field("", description="By what the provider knows this hub.")
    client_secret: SecretStr | None = Field(
        None, description="Better in the environment: DLTV_HUB_ACCOUNTS__OIDC__CLIENT_SECRET."
    )
    scopes: tuple[str, ...] = Field(("openid", "profile"), description="What is asked of the provider.")
    label: str = Field("OpenID", description="What the button says: the name of the provider.")
    roles_claim: str = Field(
        "groups", description="The claim that tells roles; dots lead into objects: `realm_access.roles`."
    )
    roles: Mapping[str, Role] = Field(
        {}, description="Values of that claim, and the role that each means. Whoever has none of them is refused."
    )
    school_claim: str | None = Field(None, description="The claim that tells the code of somebody's school.")

    @model_validator(mode="after")
    def _is_whole(self) -> "OidcSettings":
        if self.issuer is not None and not (self.client_id and self.roles):
            raise ValueError("an issuer needs a client_id and the table of roles; write both")
        return self


class AccountsSettings(_Section):
    """Who may sign in, and for how long."""

    link: str | None = Field(
        None,
        pattern=r"^https?://[^/\s]+$",
        description="Where people reach the pages, such as `https://hub.example`: stands before one-time links. Without it "
        "that of `[notices]`, else the address that the hub listens on.",
    )
    demo: bool = Field(
        False,
        description="One click signs in, as any role, without a password: only for a hub that listens on loopback.",
    )
    password: PasswordSettings = PasswordSettings.model_validate({})
    session: SessionSettings = SessionSettings.model_validate({})
    links: LinkSettings = LinkSettings.model_validate({})
    audit: AuditSettings = AuditSettings.model_validate({})
    oidc: OidcSettings = OidcSettings.model_validate({})
