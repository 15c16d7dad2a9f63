"""A district in small: real Mosquitto, real hub on SQLite or PostgreSQL, a real agent at simulated receivers of the bench.

Each of the four is started, killed and, where it ended by itself, started again as systemd would. What is done to them is
faults.py's; whether all is well in the end is ledger.py's.
"""

import re
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

from hub.ingestion.ranges import Ranges
from tests.chaos.clocks import SettableClock
from tests.chaos.ledger import Ledger
from tests.chaos.stage import OFFICE, Line, SmallDisk, call
from tests.conftest import Mosquitto
from tests.e2e.conftest import Hub, Program
from tests.postgresql import LASTING, Cluster, DoesNotStart

GROUP, NODE = "cpm3", "36010001"
PAGES, RECEIVERS = 8080, (18001, 18002)
SCHOOL_MB, SQLITE_MB, POSTGRESQL_MB = 16, 96, 384
PATIENCE_S = 900.0
_CHECK_S = 0.1


class Broker(Mosquitto):
    host = OFFICE


class District:
    def __init__(self, folder: Path, *, on_postgresql: bool, fortnight: int) -> None:
        """fortnight: so many reports a school makes in two weeks."""
        self.folder, self.fortnight = folder, fortnight
        self.school = SmallDisk(folder / "school", SCHOOL_MB)
        self.office = SmallDisk(folder / "office", POSTGRESQL_MB if on_postgresql else SQLITE_MB)
        self.line = Line()
        self.clocks = {name: SettableClock(folder / f"{name}.clock") for name in ("agent", "hub")}
        self.broker = Broker(folder)
        self.database = Cluster(LASTING, within=self.office.place) if on_postgresql else None
        self.store_url = f"sqlite:///{self.data}/hub.db"
        if self.database is not None:
            self.database.does("CREATE DATABASE hub")
            self.store_url = self.database.url("hub")
        self.pages = Hub(PAGES)
        self.hub, self.agent, self.bench = self._hub(), self._agent(), self._bench()
        self.ledger = Ledger()

    @property
    def data(self) -> Path:
        return self.office.place / "hub"

    @property
    def journal(self) -> Path:
        return self.school.place / "journal" / GROUP / NODE

    @property
    def hub_settings(self) -> Path:
        return self.folder / "hub.toml"

    def start(self) -> None:
        """Returns when reports come."""
        self.broker.start()
        for program in (self.bench, self.hub, self.agent):
            program.start()
        self.until("the first reports", lambda: self.newest() > 0)

    def end(self) -> None:
        for program in (self.agent, self.hub, self.bench):
            program.kill()
        self.broker.kill()
        if self.database is not None:
            self.database.remove()
        self.line.remove()
        for disk in (self.school, self.office):
            disk.remove()

    def up(self, program: Program) -> None:
        """There is one of each, whoever has started it."""
        if not program.running:
            program.start()

    def tend(self) -> None:
        """What ended by itself is started again."""
        if self.database is not None and not self.database.running:
            # On a full disk it cannot; there will be room again.
            with suppress(DoesNotStart):
                self.database.start()
        for program in (self.hub, self.agent):
            self.up(program)

    def until(self, what: str, probe: Callable[[], Any], patience_s: float = PATIENCE_S) -> None:
        deadline = time.monotonic() + patience_s
        while not probe():
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited {patience_s:.0f} s in vain for: {what}")
            self.tend()
            time.sleep(_CHECK_S)

    def journals(self) -> list[dict[str, Any]]:
        """Those of the agent, as the hub tells of them."""
        node = self.pages.get(f"/api/v1/nodes/{GROUP}/{NODE}")
        return [each for each in node["journals"] if not each["ours"]] if node else []

    def newest(self) -> int:
        """In the journal that the agent writes now."""
        return next((int(each["newest"]) for each in self.journals()), 0)

    def whole_up_to(self, offset: int) -> bool:
        """Whether the hub knows of every report of the agent's journal whether it has it."""
        return self._is_known(offset, self.journals())

    def _is_known(self, offset: int, journals: list[dict[str, Any]]) -> bool:
        for each in journals[:1]:
            spans = [(span["first"], span["last"]) for kind in ("committed", "lost") for span in each[kind]]
            return Ranges.of(spans).top_from_one >= offset
        return False

    def note(self) -> None:
        """What the journal of the ended agent holds is what the hub has to hold in the end."""
        self.ledger.note(self.journal)

    def settle(self, patience_s: float = PATIENCE_S) -> None:
        """All is mended: the agent ends in order, tells what is left, and the hub has time to hear it."""
        self.until("the hub", lambda: self.pages.ready)
        self.until("new reports", self._more_than(self.newest()))
        assert self.agent.stop() == 0, "the agent did not end in order"
        self.note()
        self.agent.start()
        self.until("the hub to have or to miss them all", self._all_known, patience_s)
        self.agent.kill()
        self.ledger.note_later(self.journal)
        assert self.hub.stop() == 0, "the hub did not end in order"

    def _all_known(self) -> bool:
        marks, journals = self.ledger.marks, self.journals()
        assert marks is not None
        return self._is_known(marks.newest, journals) and journals[0]["epoch"] == marks.epoch

    def _more_than(self, before: int) -> Callable[[], bool]:
        """Of a journal that may be another one meanwhile."""
        begun = {each["epoch"] for each in self.journals()}
        return lambda: self.newest() > before or any(each["epoch"] not in begun for each in self.journals())

    def _program(self, name: str, *words: str, env: dict[str, str] | None = None, at_school: bool = False) -> Program:
        within = self.line.within if at_school else ()
        return Program([*within, sys.executable, "-m", *words], self.folder / f"{name}.log", env)

    def _hub(self) -> Program:
        self.hub_settings.write_text(
            f'data_dir = "{self.data}"\ngroups = ["{GROUP}"]\n[http]\nlisten = "127.0.0.1:{PAGES}"\n'
            f'[broker]\nurl = "{self.broker.url}"\n[store]\nurl = "{self.store_url}"\n'
            "[ingestion]\nack_every_s = 2\nreplay_grace_s = 1\nrebirth_every_s = 1\nreorder_s = 1\n"
        )
        words = ("hub", "serve", "--config", str(self.hub_settings))
        return self._program("hub", *words, env=self.clocks["hub"].environment)

    def _agent(self) -> Program:
        settings = self.folder / "agent.toml"
        lines = [f'group = "{GROUP}"', f'node = "{NODE}"', "[host]", "every_s = 1", "[discovery]", "every_s = 0"]
        lines += ["[uplink]", f'broker = "{self.broker.url}"', "replay_per_s = 100", "keepalive_s = 10"]
        lines += [
            "[journal]",
            f'directory = "{self.school.place / "journal"}"',
            "commit_every_s = 0.2",
            "patience_s = 1",
        ]
        lines += ["[profiles]", f'directory = "{self._profiles()}"']
        for number, port in enumerate(RECEIVERS, 1):
            lines += [
                "[[device]]",
                f'key = "p{number}-receiver"',
                'profile = "enigma2/openwebif"',
                f'room = "p{number}"',
            ]
            lines += [f'address = "http://127.0.0.1:{port}"', "every_s = 0.25"]
        settings.write_text("\n".join([*lines, ""]))
        words = ("agent", "run", "--config", str(settings))
        return self._program("agent", *words, env=self.clocks["agent"].environment, at_school=True)

    def _profiles(self) -> Path:
        """Whatever moves is news: a receiver's C/N does."""
        file = self.folder / "profiles" / "enigma2" / "openwebif.toml"
        file.parent.mkdir(parents=True)
        text = files("firmware_profiles").joinpath("enigma2/openwebif.toml").read_text("utf-8")
        file.write_text(re.sub(r'"signal/cnr_db" = [\d.]+', '"signal/cnr_db" = 0.001', text), "utf-8")
        (self.folder / "profiles" / "version").write_text("2026-11-21")
        return self.folder / "profiles"

    def _bench(self) -> Program:
        settings = self.folder / "bench.toml"
        lines = ["[morning]", "receiver_on_after_s = 0"]
        for number, port in enumerate(RECEIVERS, 1):
            lines += [f'[[dish]]\nkey = "d{number}"', f'[[device]]\nkey = "p{number}-receiver"', f'room = "p{number}"']
            lines += ['speaks = "openwebif"', f"port = {port}", f'dish = "d{number}"']
        settings.write_text("\n".join([*lines, ""]))
        words = ("bench", "run", str(settings), "--dir", str(self.folder / "bench"))
        return self._program("bench", *words, at_school=True)

    # What people do

    def back_up(self) -> None:
        """While it takes in reports, as every night."""
        self._operate("backup", "--out", str(self._backups))

    def restore(self) -> None:
        [made] = self._backups.iterdir()
        self._operate("restore", "--replace", str(made))

    def write_history(self, until_ms: int) -> int:
        """Two weeks of reports into the journal of the ended agent. Its newest offset then."""
        call(sys.executable, "-m", "tests.chaos.fortnight", self.journal, str(until_ms), str(self.fortnight))
        self.note()
        return self.ledger.newest

    @property
    def _backups(self) -> Path:
        return self.folder / "backups"

    def _operate(self, verb: str, *words: str) -> None:
        call(sys.executable, "-m", "hub", verb, "--config", self.hub_settings, *words)
