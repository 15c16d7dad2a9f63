"""What an operator sets: one TOML file, environment variables DLTV_AGENT_…, the command line; in this order the later wins.

Defaults make `dltv-agent run --broker … --group … --node …` a whole configuration. Read once, by agent.app.
"""

import os
import re
from collections.abc import Mapping
from ipaddress import IPv4Network
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, field_validator, model_validator

from agent.core.address import BrokerAddress
from agent.core.devices import DeviceSettings, HostSettings
from firmware_profiles.toml_model import load
from wire.errors import TopicError
from wire.topics import require_id

ENV_PREFIX = "DLTV_AGENT_"
_GROUP = re.compile(r"[a-z0-9-]{2,32}")
_NODE = re.compile(r"[A-Za-z0-9_]{1,32}(-([2-9]|[1-9][0-9]))?")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class UplinkSettings(_Table):
    """`[uplink]`

    broker             mqtt[s]://[user:password@]host[:port], or a list of them: one at a time, the next when one fails
    user, password     where the URL has none
    ca                 file of the CAs to trust for mqtts; the system's where left out
    certificate, key   files with which this agent identifies itself for mqtts
    replay_per_s       how many stored reports a second are sent at most, beside the live ones
    datatypes_in_data  repeat the datatypes in DATA, for hosts that cannot do without
    """

    broker: str | tuple[str, ...] = ()
    user: str | None = None
    password: Annotated[str | None, Field(repr=False)] = None
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    keepalive_s: Annotated[int, Field(ge=5, le=600)] = 120
    replay_per_s: Annotated[float, Field(ge=1, le=1000)] = 20.0
    datatypes_in_data: bool = False

    @field_validator("broker")
    @classmethod
    def _is_brokers(cls, broker: str | tuple[str, ...]) -> tuple[str, ...]:
        urls = (broker,) if isinstance(broker, str) else broker
        for url in urls:
            BrokerAddress.parse(url)
        return urls

    @property
    def addresses(self) -> tuple[BrokerAddress, ...]:
        return tuple(BrokerAddress.parse(url).or_by(self.user, self.password) for url in self.broker)


class JournalSettings(_Table):
    """`[journal]`. One journal per group and node stands in the directory.

    commit_every_s  so seldom it is written, at most
    patience_s      so long what only says that nothing has changed waits for others of its kind: half a minute and some, because
                    devices are asked each minute, and the own computer half a minute before or after
    """

    directory: Path | None = None
    commit_every_s: Annotated[PositiveFloat, Field(le=60)] = 1.0
    patience_s: Annotated[float, Field(ge=0, le=300)] = 35.0
    max_mb: Annotated[int, Field(ge=1, le=100_000)] = 200


_Pattern = Annotated[str, Field(pattern="^/")]


class DiscoverySettings(_Table):
    """`[discovery]`: equipment that is plugged in while the agent runs. An empty list: there it never looks.

    every_s        how often to look for new ones; 0: never
    serial         serial lines: names, in which * stands for anything. Stable names of USB adapters where left out
    dvb, cec       front ends and CEC adapters, in the same way
    network        true: search the own networks by PJLink, SSDP and mDNS, and ask who announces himself
    subnets        only in these networks, or parts of networks, of this computer; all of them where left out
    """

    every_s: Annotated[float, Field(ge=0, le=86_400)] = 30.0
    serial: tuple[_Pattern, ...] = ("/dev/serial/by-id/*",)
    dvb: tuple[_Pattern, ...] = ("/dev/dvb/adapter*/frontend*",)
    cec: tuple[_Pattern, ...] = ("/dev/cec*",)
    network: bool = False
    subnets: tuple[str, ...] = ()

    @field_validator("subnets")
    @classmethod
    def _is_networks(cls, subnets: tuple[str, ...]) -> tuple[str, ...]:
        for text in subnets:
            try:
                IPv4Network(text)
            except ValueError:
                raise ValueError(f"{text!r:.40} is no network; write for example 192.168.1.0/24") from None
        return subnets


class UpdatesSettings(_Table):
    """`[updates]`

    directory  where the program that updates this agent looks for what the hub commanded; systemd's state directory where left
               out, and nowhere without that: then such commands are declined
    """

    directory: Path | None = None


class ProfilesSettings(_Table):
    """`[profiles]`

    directory  a newer set of profiles, over those that the agent has built in; while it is not there, those alone hold
    """

    directory: Path | None = None


class Settings(_Table):
    """The whole file.

    group, node  the district and the school's code
    host_id      the hub whose STATE the agent waits for; `hub-<group>` where left out, "" for none
    """

    group: str = ""
    node: str = ""
    host_id: str | None = None
    log_level: Annotated[str, Field(pattern="^(debug|info|warning|error)$")] = "info"
    uplink: UplinkSettings = UplinkSettings()
    journal: JournalSettings = JournalSettings()
    host: HostSettings = HostSettings()
    discovery: DiscoverySettings = DiscoverySettings()
    updates: UpdatesSettings = UpdatesSettings()
    profiles: ProfilesSettings = ProfilesSettings()
    device: tuple[DeviceSettings, ...] = ()

    @field_validator("group")
    @classmethod
    def _is_group(cls, group: str) -> str:
        if not _GROUP.fullmatch(group):
            raise ValueError(f"{group!r:.42} is no group; write 2 to 32 of a-z, 0-9 and -, such as cpm3")
        return group

    @field_validator("node")
    @classmethod
    def _is_node(cls, node: str) -> str:
        if not _NODE.fullmatch(node):
            raise ValueError(f"{node!r:.42} is no node; write the school code, and -2, -3 for its further agents")
        return node

    @field_validator("host_id")
    @classmethod
    def _is_host_id(cls, host_id: str | None) -> str | None:
        try:
            return require_id(host_id) if host_id else host_id
        except TopicError:
            raise ValueError("cannot be a host id; leave + / and # out") from None

    @property
    def primary_host(self) -> str | None:
        """None: births wait for nobody."""
        return f"hub-{self.group}" if self.host_id is None else self.host_id or None

    @property
    def journal_folder(self) -> Path:
        return (self.journal.directory or _state_directory(os.environ)) / self.group / self.node

    @property
    def handoff_folder(self) -> Path | None:
        return self.updates.directory or _given_by_systemd(os.environ)

    @property
    def lasting(self) -> dict[str, object]:
        """What takes effect at the next start only, by the names of the settings."""
        names = ("group", "node", "host_id", "log_level", "uplink", "journal", "discovery", "updates")
        probe = {f"host.{name}": getattr(self.host, name) for name in ("internet", "internet_every_s", "ntp")}
        return {name: getattr(self, name) for name in names} | probe


class ReportingSettings(Settings):
    """Settings with all that `run` needs: where to report, and as whom."""

    @model_validator(mode="after")
    def _knows_where_and_who(self) -> "ReportingSettings":
        for name, value in (("group", self.group), ("node", self.node), ("uplink.broker", self.uplink.broker)):
            if not value:
                option = "--" + name.rpartition(".")[2]
                raise ValueError(f"{name} is missing; set it in the file, or give {option}")
        return self


def read_settings(file: Path | None, env: Mapping[str, str], given: Mapping[str, object]) -> Settings:
    """For reading and checking devices: need not say where to report. Raises TomlMistake."""
    return load(file, Settings, env=env, prefix=ENV_PREFIX, overrides=given)


def reporting_settings(file: Path | None, env: Mapping[str, str], given: Mapping[str, object]) -> ReportingSettings:
    """Raises TomlMistake."""
    return load(file, ReportingSettings, env=env, prefix=ENV_PREFIX, overrides=given)


def _state_directory(env: Mapping[str, str]) -> Path:
    """systemd's StateDirectory where it gave one, else the user's, as XDG has it."""
    if given := _given_by_systemd(env):
        return given
    base = env.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "dltv-agent"


def _given_by_systemd(env: Mapping[str, str]) -> Path | None:
    given = env.get("STATE_DIRECTORY")
    return Path(given.split(":")[0]) if given else None
