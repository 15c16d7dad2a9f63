"""What a device wants to know before it answers: who asks, and whom to trust in return. Secrets stand in no repr."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class SnmpSettings(BaseModel):
    """`snmp = { … }` of a device. With a user it is SNMPv3, whose authentication password is the device's `password`; else v2c.

    community         of v2c
    auth              the digest of v3
    privacy           the cipher of v3, used where there is a privacy_password
    context           of v3
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    community: SecretStr = SecretStr("public")
    auth: Literal["md5", "sha", "sha256", "sha512"] = "sha"
    privacy: Literal["aes", "aes256", "des"] = "aes"
    privacy_password: Annotated[SecretStr | None, Field(min_length=8)] = None
    context: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """ca: a file of the certificates to trust for https; the system's where None."""

    user: str = ""
    password: str = field(default="", repr=False)
    ca: Path | None = None
    snmp: SnmpSettings = field(default_factory=SnmpSettings)
