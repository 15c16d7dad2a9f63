"""[messages]: what an office sets about how people and programs are told."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _network(text: str) -> str:
    try:
        ip_network(text)
    except ValueError:
        raise ValueError(f"{text!r} is no network; write one such as 10.20.0.0/16 or 192.168.1.7/32") from None
    return text


class MessagesSettings(BaseModel):
    """How people and programs are told. Each person chooses their own ways on the page of their account."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    networks: tuple[Annotated[str, AfterValidator(_network)], ...] = Field(
        (),
        description="Networks beside the public one that messages and webhooks may go to, such as `10.20.0.0/16`; without any, "
        "nothing goes to private addresses or to the hub's own computer.",
    )
    incidents_after_min: float = Field(
        10.0, ge=0, le=720, description="An incident is told when it has lasted for so many minutes."
    )
    keep_days: float = Field(
        180.0, ge=7, description="What was sent is known for so many days, and what happened can be asked by programs."
    )

    @property
    def allowed(self) -> tuple[IPv4Network | IPv6Network, ...]:
        return tuple(map(ip_network, self.networks))
