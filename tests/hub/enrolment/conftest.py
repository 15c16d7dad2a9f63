"""Enrolment with a real store and a real authority: what is decided together is tested together."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from hub.core.equipment import NodeKey
from hub.core.people import AT_THE_CONSOLE
from hub.enrolment.nodes import Purpose
from hub.enrolment.office import Batch, Wish, make_batch
from hub.enrolment.records import Records
from hub.enrolment.service import Answer, Enrolment, Granted, Sender
from hub.pki.authority import Authority
from hub.store.admissions import Admissions, admissions
from hub.store.audit import entries, verify
from hub.store.engine import open_engine, upgrade
from hub.store.enrolment import EnrolmentRows
from hub.store.enrolment_views import EnrolmentViews
from hub.store.unit_of_work import Store
from provisioning.core.contract import EnrolRequest, Hardware
from tests.stores import database

NOW = 1_800_000_000_000
DAY = 86_400_000
GROUP = "cpm3"
PI = Hardware("10000000abc", "Raspberry Pi 4", "Debian 13", "aarch64")


class Computer:
    """Has a key, and asks with it."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())

    @property
    def csr(self) -> str:
        builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
        return builder.sign(self.key, SHA256()).public_bytes(Encoding.PEM).decode()


class Office:
    """A hub's enrolment, and whoever calls it. Each call is a transaction."""

    def __init__(self, store: Store, directory: Path) -> None:
        self.store = store
        self.authority = Authority(directory / "pki", NOW)
        self.enrolment = Enrolment(self.authority, 90)
        self.views = EnrolmentViews(store)

    def did(self, deed: Callable[[Records], Any]) -> Any:
        with self.store.begin() as work:
            return deed(EnrolmentRows(work.connection))

    def batch(self, *schools: str, purpose: Purpose = Purpose.FIRST, now: int = NOW, **wish: Any) -> Batch:
        wanted = Wish(**{"group": GROUP, "schools": schools, "purpose": purpose, "days": 30, **wish})
        batch: Batch = self.did(lambda rows: make_batch(rows, wanted, AT_THE_CONSOLE, secrets.randbelow, now))
        return batch

    def code(self, school: str, purpose: Purpose = Purpose.FIRST, **wish: Any) -> str:
        return self.batch(school, purpose=purpose, **wish).codes[0].code

    def enrol(self, computer: Computer, code: str, now: int = NOW) -> Answer:
        request = EnrolRequest(code, computer.csr, PI)
        answer: Answer = self.did(lambda rows: self.enrolment.enrol(rows, request, "192.0.2.1", now))
        return answer

    def renew(self, held: Granted, asking: Computer, now: int = NOW) -> Answer:
        sender = Sender(held.node, held.issued, "192.0.2.1")
        answer: Answer = self.did(lambda rows: self.enrolment.renew(rows, sender, asking.csr, now))
        return answer

    def listens_to(self, held: Granted, now: int = NOW) -> Any:
        sender = Sender(held.node, held.issued, "192.0.2.1")
        return self.did(lambda rows: self.enrolment.listens_to(rows, sender, now))

    def admissions(self) -> Admissions:
        """What brokers are told."""
        with self.store.reading() as connection:
            return admissions(connection, NOW)

    def shut_out(self) -> dict[NodeKey, list[str]]:
        """Serial numbers, by node."""
        found: dict[NodeKey, list[str]] = {}
        for each, node in self.admissions().revoked:
            found.setdefault(node, []).append(each.serial)
        return found

    def audit(self) -> list[str]:
        """What it has, the oldest first; the chain holds."""
        assert verify(self.store).broken is None
        return [entry.what for entry in reversed(entries(self.store))]

    def state(self, name: str, now: int = NOW) -> Any:
        return self.views.agent(NodeKey(GROUP, name), now)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    engine = open_engine(database(tmp_path / "hub.db"))
    upgrade(engine)
    store = Store(engine)
    yield Office(store, tmp_path)
    store.close()


@pytest.fixture
def computer() -> Computer:
    return Computer()


@pytest.fixture
def another() -> Computer:
    return Computer()
