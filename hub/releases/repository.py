"""What is done with the repository: begun, added to, kept fresh, given new keys. Each is offered at once, or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tuf.api.metadata import DelegatedRole, Delegations, TargetFile, Targets

from hub.releases.errors import ReleaseMistake
from hub.releases.keys import CryptoSigner, Ring, make_key
from hub.releases.shelf import Shelf
from hub.releases.signing import FLEET, OFFLINE, ONLINE, ROOT, SNAPSHOT, TARGETS, TIMESTAMP, VALID_DAYS, Change

FLEET_PATHS = ["config/*/*/*", "profiles/*"]
_KEPT_VERSIONS = 10
Source = Path | bytes


@dataclass(frozen=True, slots=True)
class Signed:
    """A target's bytes, as they are signed for, and since when (ms)."""

    sha256: str
    size: int
    at: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """What is signed for: role to its targets by name, and until when each role's word holds (ms)."""

    targets: Mapping[str, Mapping[str, Signed]]
    expires: Mapping[str, int]


class SignedRepository:
    """shelf: its files; online: the folder of the keys with which the hub signs by itself."""

    def __init__(self, folder: Path, online: Path) -> None:
        self.folder = folder
        self._shelf, self._online = Shelf(folder), online

    @property
    def exists(self) -> bool:
        return self._shelf.exists

    def begin(self, offline: Path, now: int) -> None:
        """Make all keys and the first, empty repository. Raises ReleaseMistake."""
        with self._shelf.alone():
            if self._shelf.exists:
                raise ReleaseMistake(
                    "the repository is there already; for new keys say which with --rotate root|targets|online"
                )
            made = {role: make_key(role, offline if role in OFFLINE else self._online) for role in (*OFFLINE, *ONLINE)}
            change = Change(self._shelf, Ring(offline, self._online), now)
            with change.edit_root() as root:
                for role in (ROOT, TARGETS, SNAPSHOT, TIMESTAMP):
                    root.add_key(made[role].public_key, role)
            with change.edit_targets() as targets:
                targets.delegations = _delegation(made[FLEET])
            change.resign(FLEET)
            change.offer()

    def add(
        self, role: str, files: Mapping[str, Source], now: int, offline: Path | None = None, keep: int | None = None
    ) -> None:
        """Sign for these too, by name. Raises ReleaseMistake: also for a name that stands for other bytes already.

        A list (.json) may be replaced: it only says what there is. keep: of names in the same folder only so many, the newest.
        """
        with self._changing(now, offline) as change:
            with change.edit_targets(role) as signed:
                for name, source in files.items():
                    self._take_in(signed, name, source, now)
                    if keep is not None:
                        _leave(signed, name, keep)
            change.offer()

    def withdraw(self, role: str, names: frozenset[str], now: int, offline: Path | None = None) -> None:
        """Sign for these no more. Their bytes stay, for who is about to fetch them."""
        with self._changing(now, offline) as change:
            with change.edit_targets(role) as signed:
                for name in names:
                    signed.targets.pop(name, None)
            change.offer()

    def refresh(self, now: int, offline: Path | None = None, *, force: bool = False) -> tuple[str, ...]:
        """Sign again what holds for less than half its time; which those were. Offline roles only where their keys are."""
        with self._changing(now, offline) as change:
            due = tuple(role for role in self._signable(offline) if force or _is_due(change, role, now))
            change.resign(*due)
            if due:
                change.offer()
                self._tidy(change)
        return due

    def rotate(self, what: str, offline: Path, now: int) -> None:
        """New keys for root, targets, or all online roles. Clients follow, whichever keys they know. Raises ReleaseMistake."""
        roles = ONLINE if what == "online" else (what,)
        with self._shelf.alone():
            self._require()
            new = {role: [make_key(role, self._online if role in ONLINE else offline)] for role in roles}
            self._overlap(new, offline, now)
            self._replace(new, offline, now)
            final = Change(self._shelf, Ring(offline, self._online), now)
            final.resign(*(role for role in (TARGETS, *ONLINE) if role in roles))
            final.offer()
            for role in roles:
                Ring(self._online).forget_others(role, final.keys(role))

    def offer(self, now: int) -> Offer:
        """Raises ReleaseMistake."""
        change = Change(self._shelf, Ring(), now)
        signed = {role: change.open(role).signed for role in (ROOT, TARGETS, FLEET, SNAPSHOT, TIMESTAMP)}
        targets = {
            role: {
                name: Signed(each.hashes["sha256"], each.length, _signed_at(each))
                for name, each in signed[role].targets.items()
            }
            for role in (TARGETS, FLEET)
        }
        return Offer(targets, {role: int(each.expires.timestamp() * 1000) for role, each in signed.items()})

    def _overlap(self, new: Mapping[str, list[CryptoSigner]], offline: Path, now: int) -> None:
        """What the new keys will vouch for is signed by both, so that no client meets what it cannot believe."""
        change = Change(self._shelf, Ring(offline, self._online), now, new)
        change.resign(*(role for role in (TARGETS, FLEET, SNAPSHOT, TIMESTAMP) if role in new))
        change.offer()

    def _replace(self, new: Mapping[str, list[CryptoSigner]], offline: Path, now: int) -> None:
        change = Change(self._shelf, Ring(offline, self._online), now, self._both(new, offline, now))
        if FLEET in new:
            with change.edit_targets() as targets:
                targets.delegations = _delegation(new[FLEET][0])
        if rooted := {role: signers[0] for role, signers in new.items() if role != FLEET}:
            with change.edit_root() as root:
                for role, signer in rooted.items():
                    for keyid in list(root.roles[role].keyids):
                        root.revoke_key(keyid, role)
                    root.add_key(signer.public_key, role)
        change.offer()

    def _both(self, new: Mapping[str, list[CryptoSigner]], offline: Path, now: int) -> dict[str, list[CryptoSigner]]:
        """The new signers and the old ones: of root, for a new root must be signed by the old one's key as well."""
        before = Change(self._shelf, Ring(offline, self._online), now)
        ring = Ring(offline, self._online)
        both = {}
        for role, signers in new.items():
            old = (ring.signer(role, key) for key in before.keys(role).values())
            both[role] = [*signers, *(each for each in old if each is not None)]
        return both

    def read(self, role: str, name: str, now: int) -> bytes:
        """What is signed for under this name. Raises ReleaseMistake."""
        target = Change(self._shelf, Ring(), now).targets(role).targets.get(name)
        data = None if target is None else self._shelf.target(target.get_prefixed_paths()[0])
        if data is None:
            raise ReleaseMistake(f"{name} is missing in the repository; restore it from the backup")
        return data

    def _take_in(self, signed: Targets, name: str, source: Source, now: int) -> None:
        target = (
            TargetFile.from_data(name, source, ["sha256"])
            if isinstance(source, bytes)
            else TargetFile.from_file(name, str(source), ["sha256"])
        )
        known = signed.targets.get(name)
        if known is not None and known.hashes != target.hashes and not name.endswith(".json"):
            raise ReleaseMistake(f"{name} was published with other contents; give this one another version")
        for path in target.get_prefixed_paths():
            self._shelf.lay(path, source)
        if known is None or known.hashes != target.hashes:
            target.unrecognized_fields["custom"] = {"at": now}
            signed.targets[name] = target

    def _changing(self, now: int, offline: Path | None) -> "_Changing":
        self._require()
        return _Changing(self._shelf, Change(self._shelf, Ring(*self._folders(offline)), now))

    def _folders(self, offline: Path | None) -> tuple[Path, ...]:
        return (self._online,) if offline is None else (offline, self._online)

    def _signable(self, offline: Path | None) -> tuple[str, ...]:
        return ONLINE if offline is None else (ROOT, TARGETS, *ONLINE)

    def _require(self) -> None:
        if not self._shelf.exists:
            raise ReleaseMistake("there is no repository yet; make it with dltv-hub release keys --dir DIR")

    def _tidy(self, change: Change) -> None:
        """Metadata of long ago. Roots stay for ever: a device that slept goes through all of them."""
        for role in (TARGETS, FLEET, SNAPSHOT):
            newest = change.open(role).signed.version
            for path in self._shelf.metadata.glob(f"*.{role}.json"):
                number = path.name.partition(".")[0]
                if number.isdecimal() and int(number) < newest - _KEPT_VERSIONS:
                    self._shelf.drop(path)


class _Changing:
    """A change that no other process disturbs."""

    def __init__(self, shelf: Shelf, change: Change) -> None:
        self._lock, self._change = shelf.alone(), change

    def __enter__(self) -> Change:
        self._lock.__enter__()
        return self._change

    def __exit__(self, *raised: object) -> None:
        self._lock.__exit__(*raised)  # type: ignore[arg-type]


def _leave(signed: Targets, name: str, count: int) -> None:
    """Of the names in this one's folder, the newest so many."""
    folder = name.rpartition("/")[0]
    siblings = [each for each in signed.targets.values() if each.path.rpartition("/")[0] == folder]
    siblings.sort(key=lambda each: (_signed_at(each), each.path == name), reverse=True)
    for each in siblings[count:]:
        del signed.targets[each.path]


def _signed_at(target: TargetFile) -> int:
    at = (target.custom or {}).get("at", 0)
    return at if isinstance(at, int) else 0


def _delegation(signer: CryptoSigner) -> Delegations:
    key = signer.public_key
    role = DelegatedRole(FLEET, [key.keyid], 1, terminating=True, paths=list(FLEET_PATHS))
    return Delegations({key.keyid: key}, {FLEET: role})


def _is_due(change: Change, role: str, now: int) -> bool:
    half = timedelta(days=VALID_DAYS[role] / 2)
    return bool(change.open(role).signed.expires - datetime.fromtimestamp(now // 1000, UTC) < half)
