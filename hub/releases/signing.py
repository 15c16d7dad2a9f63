"""The signed metadata by tuf's repository API: a change is prepared in memory, then written so that clients see all or nothing.

1. metadata of targets and fleet, under names of their new versions
2. the snapshot that names them
3. the timestamp that names the snapshot: the one file that is replaced, and the moment at which the change is offered
What a killed change leaves under new names nobody was told of, and the next change writes it over.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

from tuf.api.exceptions import UnsignedMetadataError
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, Targets, Timestamp
from tuf.api.serialization import DeserializationError
from tuf.repository import Repository

from hub.releases.errors import ReleaseMistake
from hub.releases.keys import CryptoSigner, Key, Ring
from hub.releases.shelf import Shelf

ROOT, TARGETS, SNAPSHOT, TIMESTAMP, FLEET = "root", "targets", "snapshot", "timestamp", "fleet"
ONLINE, OFFLINE = (FLEET, SNAPSHOT, TIMESTAMP), (ROOT, TARGETS)
VALID_DAYS: Mapping[str, int] = {ROOT: 1826, TARGETS: 730, FLEET: 60, SNAPSHOT: 60, TIMESTAMP: 21}
"""A school that is closed for two months learns the newest when it is back. The timestamp bounds for how long somebody between
hub and school could hide what is new."""
_NEW: Mapping[str, type[Any]] = {ROOT: Root, TARGETS: Targets, FLEET: Targets, SNAPSHOT: Snapshot, TIMESTAMP: Timestamp}


class Change(Repository):
    """One change; `offer` ends it.

    extra  further signers by role, while keys are being replaced: what they sign too, clients of both keys believe
    """

    def __init__(self, shelf: Shelf, ring: Ring, now: int, extra: Mapping[str, Iterable[CryptoSigner]] | None = None):
        self._shelf, self._ring, self._extra = shelf, ring, extra or {}
        self._now = datetime.fromtimestamp(now // 1000, UTC)
        self._drafts: dict[str, Metadata[Any]] = {}

    def open(self, role: str) -> Metadata[Any]:
        """As it is in this change; made where there is none yet. Raises ReleaseMistake for what cannot be read."""
        if role in self._drafts:
            return deepcopy(self._drafts[role])
        name = self._file(role)
        data = None if name is None else self._shelf.read(name)
        if data is not None:
            return _parsed(str(self._shelf.metadata / str(name)), data)
        if name is not None:
            raise ReleaseMistake(f"{self._shelf.metadata / name} is missing; restore it from the backup")
        new: Metadata[Any] = Metadata(_NEW[role]())
        new.signed.version = 0
        return new

    def close(self, role: str, md: Metadata[Any]) -> None:
        """Raises ReleaseMistake where no key is there to sign it."""
        md.signed.version += 1
        md.signed.expires = self._now + timedelta(days=VALID_DAYS[role])
        if role == ROOT:
            self._drafts[role] = md
        signers = {each.public_key.keyid: each for each in (*self._signers(role), *self._extra.get(role, ()))}
        md.signatures.clear()
        for each in signers.values():
            md.sign(each, append=True)
        self._require_believed(role, md)
        self._drafts[role] = md

    def resign(self, *roles: str) -> None:
        """The same again, valid from now on."""
        for role in roles:
            with self.edit(role):
                pass

    def offer(self) -> None:
        """All of it, or nothing."""
        self.do_snapshot()
        self.do_timestamp()
        first = ROOT in self._drafts and not self._shelf.exists
        order = (*((TARGETS, FLEET, SNAPSHOT, TIMESTAMP)), *((ROOT,) if first else ()))
        for role in order if first else (ROOT, *order):
            if role in self._drafts:
                self._write(role, self._drafts[role])

    @property
    def targets_infos(self) -> dict[str, MetaFile]:
        return {f"{role}.json": MetaFile(self.open(role).signed.version) for role in (TARGETS, FLEET)}

    @property
    def snapshot_info(self) -> MetaFile:
        return MetaFile(self.open(SNAPSHOT).signed.version)

    def keys(self, role: str) -> Mapping[str, Key]:
        """Those that count for this role, by id."""
        holder = self.targets().delegations if role == FLEET else self.root()
        if holder is None:
            return {}
        names = self.targets().get_delegated_role(role).keyids if role == FLEET else self.root().roles[role].keyids
        return {keyid: holder.keys[keyid] for keyid in names}

    def _require_believed(self, role: str, md: Metadata[Any]) -> None:
        """Nothing is offered that clients would refuse: of a new root, the old one must think so as well."""
        judges: list[Root | Targets] = [self.targets() if role == FLEET else self.root()]
        if role == ROOT and self._shelf.exists:
            judges.append(self._kept(ROOT).signed)
        try:
            for each in judges:
                each.verify_delegate(role, md.signed_bytes, md.signatures)
        except UnsignedMetadataError:
            raise ReleaseMistake(
                f"the key of {role} is not there; name the folder that holds it with --keys DIR"
            ) from None

    def _signers(self, role: str) -> list[CryptoSigner]:
        found = (self._ring.signer(role, key) for key in self.keys(role).values())
        return [each for each in found if each is not None]

    def _file(self, role: str) -> str | None:
        if not self._shelf.exists:
            return None
        if role == TIMESTAMP:
            return "timestamp.json"
        if role == ROOT:
            return f"{self._shelf.newest_root}.root.json"
        if role == SNAPSHOT:
            return f"{self._kept(TIMESTAMP).signed.snapshot_meta.version}.snapshot.json"
        return f"{self._kept(SNAPSHOT).signed.meta[f'{role}.json'].version}.{role}.json"

    def _kept(self, role: str) -> Metadata[Any]:
        """As it is offered now, whatever is prepared."""
        name = self._file(role)
        data = self._shelf.read(str(name))
        if data is None:
            raise ReleaseMistake(f"{self._shelf.metadata / str(name)} is missing; restore it from the backup")
        return _parsed(str(name), data)

    def _write(self, role: str, md: Metadata[Any]) -> None:
        name = f"{role}.json" if role == TIMESTAMP else f"{md.signed.version}.{role}.json"
        self._shelf.write(name, md.to_bytes())


def _parsed(name: str, data: bytes) -> Metadata[Any]:
    try:
        return Metadata.from_bytes(data)
    except DeserializationError as error:
        raise ReleaseMistake(f"{name} is damaged ({error}); restore it from the backup") from None
