"""`dltv-agent discover`: what equipment is there, what of it the settings lack, and, with --apply, the settings with it."""

import os
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.adapters.links import open_link
from agent.adapters.network_search import NetworkSearch
from agent.adapters.settings_file import append
from agent.adapters.surroundings import device_files, own_networks, real_place, serial_lines
from agent.adapters.system_clock import SystemClock
from agent.config import read_settings
from agent.core.device_address import BadAddress, parse_address
from agent.core.devices import DeviceSettings
from agent.core.discovery import Doubt, judge
from agent.core.neighbourhood import neighbourhoods
from agent.core.proposals import Proposal, propose, shown
from agent.errors import OperatorError
from agent.services.discovering import Discovering, Ground, Outcome
from agent.services.recognition import Recognition
from firmware_profiles.loader import Catalogue, load_catalog
from firmware_profiles.toml_model import TomlMistake

LATEST_S = 120.0
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asks for. lines, subnets: these only; all where both are empty."""

    config: Path | None = None
    apply: bool = False
    subnets: Sequence[str] = ()
    lines: Sequence[str] = ()
    seconds: float = LATEST_S


def discover(wish: Wish, say: Say, progress: Say) -> None:
    """Raises OperatorError and TomlMistake. Whatever happens, the settings are the old ones or the whole new ones."""
    if wish.apply and wish.config is None:
        raise OperatorError("--apply: which file? Name it with --config FILE")
    configured = _configured(wish)
    catalogue = load_catalog()
    addresses = {name for each in configured for name in _names(each, catalogue)}
    ground = _ground(wish, addresses, progress)
    outcome, in_time = _searched(ground, catalogue, wish.seconds, progress)
    found, doubts = judge(outcome.answers)
    proposals = propose(found, {each.key for each in configured}, addresses)
    _show(proposals, doubts, outcome, say)
    if not in_time:
        say(f"\nStopped after {wish.seconds:g} s, before everything was asked: give it longer with --seconds.")
    if proposals:
        _apply_or_explain(wish, proposals, say)


def _configured(wish: Wish) -> tuple[DeviceSettings, ...]:
    new = wish.apply and wish.config is not None and not wish.config.exists()
    return read_settings(None if new else wish.config, os.environ, {}).device


def _ground(wish: Wish, addresses: set[str], progress: Say) -> Ground:
    everything = not wish.lines and not wish.subnets
    near, large = neighbourhoods(own_networks(), wish.subnets) if everything or wish.subnets else ([], [])
    for line in large:
        progress(line)
    lines = serial_lines() if everything else list(wish.lines)
    files = device_files() if everything else []
    for known in [one for one in (*lines, *files) if real_place(one) in addresses]:
        progress(f"{known}: is configured already, and is not asked")
    new_lines, new_files = ([one for one in places if real_place(one) not in addresses] for places in (lines, files))
    return Ground(new_lines, new_files, near)


def _names(device: DeviceSettings, catalogue: Catalogue) -> set[str]:
    """Its address as it stands there, and as it would be found: with the profile's port."""
    profile = catalogue.find(device.profile)
    try:
        whole = {str(parse_address(device.address, profile.link))} if profile else set()
    except BadAddress:
        whole = set()
    return {real_place(each) for each in (device.address, *whole)}


def _searched(ground: Ground, catalogue: Catalogue, seconds: float, progress: Say) -> tuple[Outcome, bool]:
    stopping = threading.Event()
    recognition = Recognition(open_link, SystemClock(), stopping)
    profiles = (catalogue.profile(profile_id) for profile_id in catalogue)
    discovering = Discovering(profiles, recognition.ask, NetworkSearch(stopping), stopping, progress)
    timer = threading.Timer(seconds, stopping.set)
    timer.daemon = True
    timer.start()
    interrupted = threading.Event()

    def interrupt(*_: object) -> None:
        interrupted.set()
        stopping.set()

    # An event, not an exception: raised in a destructor or a callback of the interpreter, that would be lost.
    before = signal.signal(signal.SIGINT, interrupt)
    try:
        outcome = discovering.run(ground)
    finally:
        in_time = not stopping.is_set()
        stopping.set()
        timer.cancel()
        signal.signal(signal.SIGINT, before)
    if interrupted.is_set():
        raise KeyboardInterrupt
    return outcome, in_time


def _show(proposals: Sequence[Proposal], doubts: Sequence[Doubt], outcome: Outcome, say: Say) -> None:
    rows = [("KEY", "PROFILE", "MODEL", "ADDRESS")]
    for each in proposals:
        answer = each.found.answer
        rows.append((each.key, answer.profile.id, shown(answer.model) or "-", answer.address))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    if proposals:
        for row in rows:
            say("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())
    else:
        say("Nothing new was found.")
    _list("Could not be told apart", map(_doubt, doubts), say)
    heard = {answer.place for answer in outcome.answers}
    strange = [
        f"{host}: {shown(', '.join(names))}" for host, names in sorted(outcome.announced.items()) if host not in heard
    ]
    _list("Announces itself, and is of no profile", strange, say)
    hint = "is it on, the cable crossed, its control by this line switched on, its set number the default?"
    _list(f"Nothing answered ({hint})", outcome.silent, say)


def _doubt(doubt: Doubt) -> str:
    why = "answers, and tells nothing without a password; it may be" if doubt.locked else "answers as"
    return f"{doubt.address} {why} {' or '.join(doubt.profiles)}: choose one, and add it by hand"


def _list(title: str, lines: "Sequence[str] | map[str]", say: Say) -> None:
    told = list(lines)
    if told:
        say(f"\n{title}:")
    for line in told:
        say(f"  {line}")


def _apply_or_explain(wish: Wish, proposals: Sequence[Proposal], say: Say) -> None:
    text = "\n".join(each.section for each in proposals)
    if not wish.apply or wish.config is None:
        say(f"\n{text}\nNext: dltv-agent discover --apply --config FILE adds these to the file.")
        return
    file = wish.config
    # From here on it is a moment's work, and what is said of it must be true.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        append(file, text, lambda draft: _must_be_usable(draft, file, text))
    finally:
        signal.signal(signal.SIGINT, before)
    say(f"\nAdded to {file}. Next: give each its room and key there, then dltv-agent check --config {file}.")


def _must_be_usable(draft: Path, file: Path, text: str) -> None:
    try:
        read_settings(draft, {}, {})
    except TomlMistake:
        raise OperatorError(f"{file}: nothing can be added at its end; add this by hand:\n{text}") from None
