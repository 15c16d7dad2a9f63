"""The identity of this device: a folder with key, certificate, trust and what the hub said with them; a link makes it count.

A new one is made beside the old and is whole before the link leads to it, so that key and certificate always fit each other.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from provisioning.core.agent_toml import NoToml, Own, compose
from provisioning.core.contract import MAX_BODY_BYTES, Assigned, ContractError, Enrolled, Letter, signed_bytes
from provisioning.core.layout import CERTIFICATE, KEY, TRUST
from provisioning.errors import NotEnrolled, OperatorError
from provisioning.ports import Certificate
from provisioning.services.parts import Parts

ANSWER = "answer.json"
MAX_CONFIG_BYTES = 256 * 1024
_MAX_PEM_BYTES = 64 * 1024
PRIVATE, SHARED = 0o700, 0o640


@dataclass(frozen=True, slots=True)
class Held:
    """An identity that is whole: the certificate is of this key."""

    folder: Path
    key: bytes
    certificate: Certificate
    enrolled: Enrolled
    trust: tuple[str, ...]


class Identity:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def held(self) -> Held | None:
        folder = self._parts.files.target(self._parts.layout.identity)
        return None if folder is None else self.read(folder)

    def require(self) -> Held:
        held = self.held()
        if held is None:
            raise NotEnrolled(
                "this device is not enrolled yet: dltv-provision enrol --code CODE, with the code of the slip"
            )
        return held

    def read(self, folder: Path) -> Held | None:
        """None where something is missing, damaged or of another key."""
        files, keys = self._parts.files, self._parts.keys
        key, told = files.read(folder / KEY, _MAX_PEM_BYTES), files.read(folder / ANSWER, MAX_BODY_BYTES)
        trust = files.read(folder / TRUST, _MAX_PEM_BYTES)
        if not key or not told or not trust or files.read(folder / CERTIFICATE, _MAX_PEM_BYTES) is None:
            return None
        try:
            enrolled = Enrolled.decode(told)
            certificate = keys.certificate(enrolled.certificate.encode())
            fits = certificate.public == keys.public(key)
        except (ContractError, OperatorError):
            return None
        return Held(folder, key, certificate, enrolled, _split(trust)) if fits else None

    def key_in(self, folder: Path) -> bytes | None:
        return self._parts.files.read(folder / KEY, _MAX_PEM_BYTES)

    def keep_key(self, folder: Path, key: bytes) -> None:
        self._parts.files.folder(self._parts.layout.identities, PRIVATE)
        self._parts.files.folder(folder, PRIVATE)
        self._parts.files.write(folder / KEY, key, 0o600)

    def keep_answer(self, folder: Path, enrolled: Enrolled) -> None:
        """The answer last: with it, the folder is whole. Raises OperatorError where the hub certified another key."""
        key = self.key_in(folder)
        if key is None or self._parts.keys.certificate(enrolled.certificate.encode()).public != self._parts.keys.public(
            key
        ):
            raise OperatorError("the hub answered with a certificate of another key: tell the district office")
        files = self._parts.files
        files.write(folder / CERTIFICATE, _joined((enrolled.certificate, *enrolled.chain)), 0o644)
        files.write(folder / TRUST, _joined(enrolled.trust), 0o644)
        files.write(folder / ANSWER, enrolled.encode(), 0o600)

    def take_on(self, folder: Path) -> None:
        """From now on this one counts. The one before is deleted."""
        files, layout = self._parts.files, self._parts.layout
        files.point(layout.identity, folder)
        for name in files.names(layout.identities):
            if name != folder.name:
                files.remove(layout.identities / name)

    def learn(self, held: Held, assigned: Assigned) -> Held:
        """Whom to trust, where the hub is and where to report, told over a line that the old roots vouched for."""
        files = self._parts.files
        for root in assigned.trust:
            self._parts.keys.fingerprint(root)
        trust = _joined(assigned.trust)
        if trust != files.read(held.folder / TRUST, _MAX_PEM_BYTES):
            files.write(held.folder / TRUST, trust, 0o644)
        told = replace(held.enrolled, brokers=assigned.brokers, hub=assigned.hub)
        if told != held.enrolled:
            files.write(held.folder / ANSWER, told.encode(), 0o600)
        return self.require()

    def letter(self, held: Held, path: str, body: str, at: int) -> Letter:
        signature = self._parts.keys.sign(held.key, signed_bytes(path, at, body))
        return Letter(held.enrolled.certificate, at, body, signature)

    def own(self, held: Held) -> Own:
        layout, told = self._parts.layout, held.enrolled
        return Own(
            group=told.group,
            node=told.node,
            host_id=told.host_id,
            brokers=told.brokers,
            ca=str(layout.identity / TRUST),
            certificate=str(layout.identity / CERTIFICATE),
            key=str(layout.identity / KEY),
            state=str(layout.state),
            profiles=str(layout.profiles),
        )

    def settings(self, held: Held, configured: str | None = None) -> bytes:
        """agent.toml as it should be. Without anything configured, what stands there already is kept as far as it can be read."""
        if configured is not None:
            return compose(configured, self.own(held)).encode()
        there = self._parts.files.read(self._parts.layout.config, MAX_CONFIG_BYTES) or b""
        try:
            return compose(there.decode("utf-8", "replace"), self.own(held)).encode()
        except NoToml:
            return compose("", self.own(held)).encode()

    def put_settings(self, settings: bytes) -> bool:
        """Whether they are others than before."""
        files, layout = self._parts.files, self._parts.layout
        if files.read(layout.config, MAX_CONFIG_BYTES) == settings:
            return False
        files.folder(layout.settings, 0o750)
        files.write(layout.config, settings, SHARED)
        return True


def _joined(certificates: tuple[str, ...]) -> bytes:
    return "".join(each.strip() + "\n" for each in certificates).encode()


def _split(data: bytes) -> tuple[str, ...]:
    end = "-----END CERTIFICATE-----\n"
    return tuple(each + end for each in data.decode("ascii", "replace").split(end) if each.strip())
