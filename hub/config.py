"""hub.toml, the environment (DLTV_HUB_HTTP__LISTEN …) and the command line as one frozen HubSettings, read once by app.py.

The command line stands over the environment, that over the file, that over the defaults.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

from firmware_profiles.toml_model import load
from hub.accounts.settings import AccountsSettings
from hub.core.districts import DistrictSettings
from hub.core.maps import MapSettings
from hub.core.processes import JudgingSettings
from hub.core.usage import UsageSettings
from hub.detection.settings import CalendarSettings, DetectionSettings, Maintenance
from hub.enrolment.settings import EnrolmentSettings
from hub.helpdesks.settings import DeskSettings
from hub.historian.settings import HistorianSettings
from hub.ingestion.settings import IngestionSettings
from hub.mail.settings import NoticeSettings
from hub.messages.settings import MessagesSettings
from hub.mqtt.broker_url import BrokerUrl
from hub.needs.settings import NeedSettings
from hub.reports.settings import ReportSettings
from hub.rollouts.settings import RolloutSettings
from hub.tickets.settings import TicketSettings
from hub.trips.settings import TripSettings
from hub.watching.settings import WatchSettings
from hub.web.settings import LOOPBACK_HOSTS
from hub.workflows.settings import OfficeSettings
from wire.errors import TopicError
from wire.topics import require_id

ENV_PREFIX = "DLTV_HUB_"
_HOST_NAME = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.?)+")
_GROUP = re.compile(r"[a-z0-9-]{2,32}")


class Listen(BaseModel):
    """An address to listen on, written HOST:PORT."""

    model_config = ConfigDict(frozen=True)

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def _listen(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal() or int(port) > 65535:
        raise ValueError(f"{text!r} is no address to listen on; write HOST:PORT, such as 127.0.0.1:8080")
    return {"host": host.strip("[]"), "port": int(port)}


def _group(text: str) -> str:
    if not _GROUP.fullmatch(text):
        raise ValueError(f"{text!r} is no group; write 2 to 32 of a-z 0-9 -")
    return text


def _some(groups: tuple[str, ...]) -> tuple[str, ...]:
    if not groups:
        raise ValueError("names no group; write at least one")
    return groups


def _host_id(text: str) -> str:
    try:
        return require_id(text)
    except TopicError:
        raise ValueError(f"{text!r} is no host id; write a name without + / #") from None


def _broker(text: SecretStr) -> SecretStr:
    BrokerUrl.parse(text.get_secret_value())
    return text


Address = Annotated[Listen, BeforeValidator(_listen)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HttpSettings(_Section):
    """listen  where the web stands"""

    listen: Address = Listen(host="127.0.0.1", port=8080)


class MqttSettings(_Section):
    """The embedded broker.

    listen  where it stands
    tls     certificates only, of the hub's own CA; without it, wherever it is not on loopback
    names   names and addresses by which schools reach the broker, embedded or not; they stand in its certificate
    """

    listen: Address = Listen(host="127.0.0.1", port=1883)
    tls: bool | None = None
    names: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _asks_strangers(self) -> Self:
        if self.tls is False and self.listen.host not in LOOPBACK_HOSTS:
            raise ValueError("lets anybody in without TLS, so that it must listen on loopback; leave tls out")
        return self

    @property
    def guarded(self) -> bool:
        return self.listen.host not in LOOPBACK_HOSTS if self.tls is None else self.tls


class BrokerSettings(_Section):
    """An external broker, in place of the embedded one.

    url       mqtt://host[:port] or mqtts://host[:port]; a user and password may stand in it
    ca_file   certificates that the broker's is checked against; without it the system's
    certificate, key   files with which the hub identifies itself
    rules     the broker is a Mosquitto that runs by `dltv-hub broker-config`: the hub shows it certificates of its own CA, and
              tells it who may say and hear what
    files     with rules: the directory that Mosquitto reads its certificates from, which the hub keeps up to date
    """

    url: Annotated[SecretStr, AfterValidator(_broker)] | None = None
    username: str | None = None
    password: SecretStr | None = None
    ca_file: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    rules: bool = False
    files: Path | None = None

    @model_validator(mode="after")
    def _is_reached_by_tls(self) -> Self:
        secure = self.url is not None and BrokerUrl.parse(self.url.get_secret_value()).tls
        if self.rules and not secure:
            raise ValueError('rules are told over TLS only; write url = "mqtts://HOST:PORT"')
        return self


class StoreSettings(_Section):
    """url  sqlite:///… or postgresql+…; without it, hub.db in the data directory
    report_days  reports that are older go; the hours that they came to stay for ever
    """

    url: SecretStr | None = None
    report_days: Annotated[float, Field(ge=2)] = 35.0


def _reachable(text: str) -> str:
    """A name or address as it stands in a certificate."""
    try:
        return str(ip_address(text.strip("[]")))
    except ValueError:
        pass
    if not _HOST_NAME.fullmatch(text) or len(text) > 253:
        raise ValueError(f"{text!r} is no name or address of a host, such as hub.example.org or 192.0.2.7")
    return text.lower()


class DeviceSettings(_Section):
    """Where computers of schools join, renew their certificates and fetch what they run: HTTPS by the hub's own authority."""

    listen: Annotated[Listen | None, BeforeValidator(_listen)] = Field(
        None,
        description="Where the device API stands, such as `0.0.0.0:8443`; without it there is none, and nobody can join.",
    )
    names: tuple[Annotated[str, AfterValidator(_reachable)], ...] = Field(
        (),
        description="Names and addresses by which schools reach it; they stand in its certificate. The first one is told to "
        "devices. When the hub moves, put the new name first and keep the old one until all have asked once, which they do "
        "daily. Without any, the address that it listens on.",
    )
    url: Annotated[str, Field(pattern=r"^https://[^\s/@?#]+$")] | None = Field(
        None, description="What devices are told instead, where a port is forwarded: `https://HOST:PORT`."
    )
    brokers: tuple[Annotated[str, Field(pattern=r"^mqtts://[^\s/@?#]+$")], ...] = Field(
        (),
        max_length=8,
        description="Brokers that devices are told, as `mqtts://HOST:PORT`; without any, that of the hub by the first of "
        "`mqtt.names` or of these names.",
    )

    @model_validator(mode="after")
    def _has_a_name(self) -> Self:
        if self.listen is not None and not self.names and self.listen.host in ("0.0.0.0", "::"):  # noqa: S104  asked, not done
            raise ValueError('listens everywhere and has no name; write names = ["hub.example.org"]')
        return self

    @property
    def reached_by(self) -> tuple[str, ...]:
        """The names and addresses that its certificate is for."""
        return self.names or (() if self.listen is None else (_reachable(self.listen.host),))


class BackupSettings(_Section):
    """directory  where `dltv-hub backup` writes, best on another disk; keep_days: older ones go, but the last three never"""

    directory: Path | None = None
    keep_days: Annotated[float, Field(ge=1)] = 14.0


class HubSettings(_Section):
    """Everything that can be set.

    data_dir   what the hub keeps; one hub a directory
    groups     the districts that it serves
    host_id    its Sparkplug host id; without it one per group, hub-<group>
    inventory  the register of schools (JSON)
    calendar   when there is class; without it the inventory's, else the default
    maintenance  times in which nothing is judged
    """

    data_dir: Path = Path("var/hub")
    groups: Annotated[tuple[Annotated[str, AfterValidator(_group)], ...], AfterValidator(_some)] = ("dltv",)
    host_id: Annotated[str, AfterValidator(_host_id)] | None = None
    inventory: Path | None = None
    http: HttpSettings = HttpSettings()
    mqtt: MqttSettings = MqttSettings()
    broker: BrokerSettings = BrokerSettings()
    store: StoreSettings = StoreSettings()
    backup: BackupSettings = BackupSettings()
    ingestion: IngestionSettings = IngestionSettings()
    detection: DetectionSettings = DetectionSettings()
    judging: JudgingSettings = JudgingSettings.model_validate({})
    tickets: TicketSettings = TicketSettings()
    usage: UsageSettings = UsageSettings()
    needs: NeedSettings = NeedSettings()
    reports: ReportSettings = ReportSettings()
    notices: NoticeSettings = NoticeSettings.model_validate({})
    messages: MessagesSettings = MessagesSettings.model_validate({})
    help_desks: tuple[DeskSettings, ...] = ()
    devices: DeviceSettings = DeviceSettings.model_validate({})
    enrolment: EnrolmentSettings = EnrolmentSettings.model_validate({})
    accounts: AccountsSettings = AccountsSettings.model_validate({})
    rollouts: RolloutSettings = RolloutSettings()
    office: OfficeSettings = OfficeSettings.model_validate({})
    trips: TripSettings = TripSettings.model_validate({})
    map: MapSettings = MapSettings.model_validate({})
    historian: HistorianSettings = HistorianSettings.model_validate({})
    watch: WatchSettings = WatchSettings.model_validate({})
    districts: DistrictSettings = DistrictSettings.model_validate({})
    calendar: CalendarSettings | None = None
    maintenance: tuple[Maintenance, ...] = ()

    @model_validator(mode="after")
    def _shows_itself_at_home_only(self) -> Self:
        """A hub that lets everybody in must not be reached by everybody."""
        listens = (self.http.listen, self.mqtt.listen)
        if self.accounts.demo and not all(each.host in LOOPBACK_HOSTS for each in listens):
            raise ValueError(
                "accounts.demo lets anybody in, so that everything must listen on loopback; write 127.0.0.1, or demo = false"
            )
        return self

    @property
    def hosts(self) -> Mapping[str, tuple[str, ...]]:
        """The groups that each host id serves: one host id for all, or one for each."""
        groups = tuple(dict.fromkeys(self.groups))
        return {self.host_id: groups} if self.host_id else {f"hub-{group}": (group,) for group in groups}

    @property
    def broker_url(self) -> BrokerUrl | None:
        """The external broker, with the user and password that stand beside the URL; None for the embedded one."""
        if self.broker.url is None:
            return None
        url = BrokerUrl.parse(self.broker.url.get_secret_value())
        password = self.broker.password.get_secret_value() if self.broker.password else url.password
        return replace(url, username=self.broker.username or url.username, password=password)

    @property
    def zone(self) -> ZoneInfo:
        """In which commands tell moments: that of the calendar."""
        return ZoneInfo((self.calendar or CalendarSettings()).timezone)

    @property
    def store_url(self) -> str:
        if self.store.url is not None:
            return self.store.url.get_secret_value()
        return f"sqlite:///{self.data_dir / 'hub.db'}"


def read_settings(path: Path | None, env: Mapping[str, str], overrides: Mapping[str, object]) -> HubSettings:
    """Raises TomlMistake: one line that names file, key and the way out."""
    return load(path, HubSettings, env=env, prefix=ENV_PREFIX, overrides=overrides)
