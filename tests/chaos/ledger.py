"""What must be true in the end: every report is held exactly once, or listed as lost, with its range and a reason, by both sides.

The agent's journal is the truth: what is durable there is a report. It is noted before anything is done to it.
"""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from agent.adapters.sqlite_journal import SqliteJournal
from agent.core.entries import Entry, Marks
from agent.errors import JournalCorrupt
from hub.ingestion.ranges import NOTHING, Ranges
from hub.store.bodies import metric_names, unpack
from hub.store.chunk_tables import report_chunk
from hub.store.chunks import unpack_chunk
from hub.store.journals import epochs_of
from hub.store.kept_reports import END, next_told
from hub.store.opening import open_there
from hub.store.tables import device, epoch, node, report

EARLIEST, AHEAD_AT_MOST = 1_577_836_800_000, 86_400_000
Key = tuple[str, int]
Told = tuple[str, int, Mapping[str, object]]


@dataclass
class Ledger:
    """reports  of all journals that there were: what each said
    later    what was told after the last look that counts: it may be held, and need not
    marks    where the journal stands that is written now
    """

    reports: dict[Key, Told] = field(default_factory=dict)
    later: dict[Key, Told] = field(default_factory=dict)
    marks: Marks | None = None
    mistakes: list[str] = field(default_factory=list)

    def note(self, folder: Path) -> None:
        """Of an ended agent."""
        self.marks, found = _journal_in(folder)
        for key, told in found.items():
            if self.reports.setdefault(key, told) != told:
                self.mistakes.append(f"{_named(key)} was given twice, or was changed")

    def note_later(self, folder: Path) -> None:
        """Of the same agent, who went on until the hub had heard it all."""
        _, found = _journal_in(folder)
        self.later = {key: told for key, told in found.items() if key not in self.reports}

    def verdict(self, store_url: str, latest_credible: int) -> list[str]:
        """What is wrong; nothing, when all is well."""
        assert self.marks is not None
        hub = _Hub.at(store_url)
        wrong, known = list(self.mistakes), {**self.later, **self.reports}
        wrong += [f"{_named(key)} is held {times} times" for key, times in hub.times.items() if times > 1]
        wrong += [f"{_named(key)} is held, and was never written" for key in hub.held if key not in known]
        for key, told in known.items():
            held = hub.held.get(key)
            if held is None and key in self.reports and key[1] not in hub.lost(key[0]):
                wrong.append(f"{_named(key)} is neither held nor listed as lost")
            elif held is not None and not _same(held, told, latest_credible):
                wrong.append(f"{_named(key)} was {told} and is {held}")
        return [*wrong, *self._disagreements(hub)]

    def _disagreements(self, hub: "_Hub") -> Iterable[str]:
        assert self.marks is not None
        for uuid in {*hub.journals, *(each.epoch for each in self.marks.lost)}:
            mine = Ranges.of((each.first, each.last) for each in self.marks.lost if each.epoch == uuid)
            if uuid == self.marks.epoch:
                mine |= Ranges.of([(1, self.marks.oldest - 1)])
            have, lost = hub.committed(uuid), hub.lost(uuid)
            here = f"of journal {uuid[:8]}"
            if mine - have != lost:
                yield f"{here} the agent lists {list(mine - have)} as lost, the hub {list(lost)}"
            if have - (have - lost):
                yield f"{here} {list(have - (have - lost))} is committed and lost at once"
            newest = self.marks.newest if uuid == self.marks.epoch else hub.newest(uuid)
            if (have | lost).top_from_one < newest:
                yield f"{here} the hub knows nothing of some: {list(have | lost)}"
            if {offset for of, offset in hub.held if of == uuid} != {n for a, b in have for n in range(a, b + 1)}:
                yield f"{here} the hub's ranges are not those of its reports"

    @property
    def newest(self) -> int:
        return self.marks.newest if self.marks else 0

    def lost(self) -> list[str]:
        """The agent's list, as a person would read it."""
        return [f"{each.first}-{each.last} {each.reason}" for each in (self.marks.lost if self.marks else ())]


@dataclass
class _Hub:
    """What the hub's database holds of the agents' journals, read in two ways: as pages do, and row by row."""

    journals: dict[str, Any]
    held: dict[Key, Told]
    times: Counter[Key]

    @classmethod
    def at(cls, url: str) -> "_Hub":
        with closing(open_there(url)) as store, store.reading() as connection:
            names, keys = metric_names(connection), dict(connection.execute(select(device.c.id, device.c.key)).all())
            ids = connection.execute(select(node.c.id)).scalars().all()
            journals = {each.uuid: each for id_ in ids for each in epochs_of(connection, id_) if not each.ours}
            epochs = dict(connection.execute(select(epoch.c.id, epoch.c.uuid)).all())
            held: dict[Key, Told] = {}
            times = Counter[Key]()
            for id_, uuid in epochs.items():
                for each in next_told(connection, id_, 0, END) if uuid in journals else ():
                    values = {name: one.value for name, one in unpack(each.body, names).items()}
                    held[uuid, each.offset] = (keys[each.device], each.t, values)
            for row in connection.execute(select(report.c.epoch_id, report.c.offset)):
                times[epochs[row.epoch_id], row.offset] += 1
            for row in connection.execute(select(report_chunk)):
                for each in unpack_chunk(row.body, row.epoch_id, row.device_id):
                    times[epochs[row.epoch_id], each.offset] += 1
        return cls(journals, held, times)

    def newest(self, uuid: str) -> int:
        found = self.journals.get(uuid)
        return int(found.newest) if found else 0

    def committed(self, uuid: str) -> Ranges:
        found = self.journals.get(uuid)
        return Ranges.of((each.first, each.last) for each in found.committed) if found else NOTHING

    def lost(self, uuid: str) -> Ranges:
        """With a reason each."""
        found = self.journals.get(uuid)
        return Ranges.of((each.first, each.last) for each in found.lost if each.reason) if found else NOTHING


def _journal_in(folder: Path) -> tuple[Marks, dict[Key, Told]]:
    """Where it stands and what it holds. A copy is looked at: to look is to begin to mend."""
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(folder, copy, dirs_exist_ok=True)
        journal = SqliteJournal(Path(copy), 0)
        try:
            found = journal.read(0, END, END)
        except JournalCorrupt:
            journal.begin_anew(1)
            found = journal.read(0, END, END)
        marks = journal.marks()
        journal.close()
    return marks, {(marks.epoch, kept.offset): _told(kept.entry) for kept in found}


def _told(entry: Entry) -> Told:
    return entry.device or "", entry.t, {each.name or "": each.value for each in entry.metrics}


def _same(held: Told, told: Told, latest_credible: int) -> bool:
    """The hub puts its own time in the place of one that cannot be true."""
    doubtful = not EARLIEST <= told[1] <= latest_credible
    return (held[0], held[2]) == (told[0], told[2]) and (doubtful or held[1] == told[1])


def _named(key: Key) -> str:
    return f"report {key[1]} of journal {key[0][:8]}"
