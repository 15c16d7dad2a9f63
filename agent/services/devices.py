"""Settings into devices that can be polled. One that cannot be is a line for the operator; the others are kept."""

import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from agent.core.access import Access
from agent.core.device_address import Address, BadAddress, parse_address
from agent.core.devices import DeviceSettings
from agent.core.readings import Equipment
from agent.ports import Channel, Clock, HostFacts, Link
from agent.protocols import codec_for
from agent.protocols.codec import Peer
from agent.services.conversation import Conversation
from agent.services.host_channel import HostChannel
from firmware_profiles import links
from firmware_profiles.loader import UnknownProfile
from firmware_profiles.schema import Profile
from firmware_profiles.toml_model import TomlMistake
from wire.vocabulary import BY_KIND, REACHABLE

OpenLink = Callable[[Address, links.Link, Access], Link]
OpenChannel = Callable[[Clock, threading.Event], Channel]


class Profiles(Protocol):
    """Where profiles are found: the catalogue, or a part of it."""

    def profile(self, profile_id: str) -> Profile:
        """Raises UnknownProfile and TomlMistake."""


@dataclass(frozen=True, slots=True)
class Device:
    """A piece of equipment and the way to ask it.

    address       for people; empty for the agent's own computer
    is_alone      no other device can have this address
    set_id        in requests and answers, where the profile has one
    pace          by which the intervals of the profile's polls are multiplied
    open_channel  makes its Channel; asking, not making, opens the connection
    """

    equipment: Equipment
    profile: Profile
    address: str
    set_id: str
    pace: float
    open_channel: OpenChannel
    is_alone: bool = False

    @property
    def name(self) -> str:
        """How logs call it."""
        return self.equipment.key or "host"


class BadDevice(Exception):
    """One device cannot be polled; the text says what to change."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """Why a device cannot be polled. index: its place in the settings; problem begins with the key that is wrong."""

    index: int
    device: str
    problem: str

    @property
    def key(self) -> str:
        return self.problem.partition(":")[0]

    def __str__(self) -> str:
        return f"device {self.device}: {self.problem}"


def build_devices(
    settings: Iterable[DeviceSettings], catalogue: Profiles, open_link: OpenLink
) -> tuple[list[Device], list[Mistake]]:
    """The devices that can be polled, and one mistake for each that cannot."""
    devices: list[Device] = []
    mistakes: list[Mistake] = []
    for index, each in enumerate(settings):
        try:
            device = build_device(each, catalogue, open_link)
            _stands_alone(device, devices)
            devices.append(device)
        except (BadDevice, TomlMistake) as mistake:
            mistakes.append(Mistake(index, each.key, str(mistake)))
    return devices, mistakes


def build_device(settings: DeviceSettings, catalogue: Profiles, open_link: OpenLink) -> Device:
    """Raises BadDevice and TomlMistake."""
    profile = _profile(settings, catalogue)
    try:
        address = parse_address(settings.address, profile.link)
    except BadAddress as error:
        raise BadDevice(f"address: {error}") from None
    set_id = _set_id(settings, profile)
    access = settings.access
    codec = codec_for(profile, Peer(_http_host(address), access.user, access.password, set_id))

    def open_channel(clock: Clock, stopping: threading.Event) -> Channel:
        return Conversation(lambda: open_link(address, profile.link, access), codec, profile.link, clock, stopping)

    kind = _kind(settings, profile)
    equipment = Equipment(settings.key, kind, settings.room, profile.id, (REACHABLE, *profile.metrics))
    pace = _pace(settings.every_s, profile)
    return Device(equipment, profile, str(address), set_id, pace, open_channel, address.is_of_one_device)


def host_device(
    facts: HostFacts, profile: Profile, every_s: float | None = None, properties: Mapping[str, str] | None = None
) -> Device:
    """The agent's own computer; `properties` are what the agent adds to the computer's own, such as its version."""
    told = {**facts.properties(), "Properties/profile": profile.id, **(properties or {})}
    equipment = Equipment(None, profile.kind, None, profile.id, profile.metrics, told)
    return Device(equipment, profile, "", "", _pace(every_s, profile), lambda _clock, _stopping: HostChannel(facts))


def _profile(settings: DeviceSettings, catalogue: Profiles) -> Profile:
    try:
        profile = catalogue.profile(settings.profile)
    except UnknownProfile as error:
        raise BadDevice(f"profile: {error}") from None
    if profile.is_host:
        raise BadDevice(f'profile: "{profile.id}" describes the agent\'s own computer; put it into the table [host]')
    return profile


def _kind(settings: DeviceSettings, profile: Profile) -> str:
    """Another kind than the profile's must know all that the profile tells."""
    kind = settings.kind or profile.kind
    strange = [metric for metric in profile.metrics if metric not in BY_KIND[kind]]
    if strange:
        raise BadDevice(f"kind: a {kind} has no {', '.join(strange)}; remove the key")
    return kind


def _set_id(settings: DeviceSettings, profile: Profile) -> str:
    if profile.set_id is None:
        if settings.set_id is not None:
            raise BadDevice(f"set_id: {profile.id} has none; remove the key")
        return ""
    set_id = settings.set_id or profile.set_id.default
    if not re.fullmatch(profile.set_id.pattern, set_id):
        raise BadDevice(
            f'set_id: "{set_id}" cannot be one; write it as {profile.set_id.default}, as the set\'s menu does'
        )
    return set_id


def _stands_alone(device: Device, others: Iterable[Device]) -> None:
    for other in others:
        if other.equipment.key == device.equipment.key:
            raise BadDevice("key: another device has the same; give each its own")
        if device.address == other.address and device.is_alone:
            raise BadDevice(f"address: {other.equipment.key} has the line {device.address} already; name another")


def _http_host(address: Address) -> str:
    return str(address).partition("://")[2] if address.port else ""


def _pace(every_s: float | None, profile: Profile) -> float:
    return 1.0 if every_s is None else every_s / profile.polls[0].every_s
