"""An agent over time: sessions with births and deaths, reports, and the journal that holds them while the link is gone."""

from dataclasses import dataclass, field

from simulator.clock import MINUTE
from simulator.devices import Change, Device, Hour
from simulator.district import Node
from simulator.hosts import PERIOD_S, Host
from simulator.intervals import Interval, clip, subtract
from simulator.randomness import stream
from simulator.reporting import Figures, metrics_text
from simulator.uptime import Run

Line = tuple[float, str]
"""When it arrives at the hub (seconds), and what it says."""
Phase = tuple[float, float, bool]
"""From, to, and whether the link is there."""
REPLAYED_A_SECOND = 20.0
OVERTAKEN = 6
FORGETFUL = 0.06
"""Share of agents that keep no journal: what happened while they were cut off is lost."""


@dataclass
class Agent:
    """One node. `runs` and `cut_off` are planned; `hour` is called once for every hour, in order."""

    seed: int
    node: Node
    host: Host
    devices: list[Device]
    runs: list[Run]
    cut_off: list[Interval]
    span: Interval
    journal: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._dice = stream(self.seed, "agent", self.node.name)
        self._latency = self._dice.uniform(0.05, 1.5)
        self._forgetful = self._dice.random() < FORGETFUL
        self._name = f'"node":"{self.node.name}"'
        self._next_host = 0.0

    def hour(self, hour: Hour) -> list[Line]:
        lines: list[Line] = []
        for run in self.runs:
            if run.start >= hour.end or run.end < hour.start:
                continue
            low, high = max(run.start, hour.start), min(run.end, hour.end)
            for phase in _phases(low, high, self.cut_off):
                self._phase(run, phase, hour, lines)
            if hour.start <= run.end < hour.end and run.end < self.span[1]:
                self._stopped(run, lines)
        return lines

    def _phase(self, run: Run, phase: Phase, hour: Hour, lines: list[Line]) -> None:
        start, end, online = phase
        begins = start == run.start or (start > hour.start or self._edge(start))
        if begins and online:
            self._births(run, start, hour, lines)
        elif begins and start == run.start:
            self._wake(run, start, hour)
        elif begins:
            self._lost_link(start, run, lines)
        for device in self.devices:
            for event in device.events(start, end, hour):
                self._report(event, device, online, lines)
        self._host(run, phase, lines)

    def _edge(self, t: float) -> bool:
        return any(t in cut for cut in self.cut_off)

    def _births(self, run: Run, t: float, hour: Hour, lines: list[Line]) -> None:
        """Everything anew; then, throttled and beside the live reports, what the journal holds."""
        figures = self.host.figures(t, run.booted)
        self._line(lines, t, "NBIRTH", None, {**self.host.properties(), **figures})
        for number, device in enumerate(self.devices):
            told = device.figures(t, hour)
            device.begin(t, told)
            self._line(lines, t + 0.02 * (number + 1), "DBIRTH", device, _birth(device, told))
        self._next_host = t + PERIOD_S
        self._replay(run, t + 4.0, lines)

    def _replay(self, run: Run, t: float, lines: list[Line]) -> None:
        """As much as goes out before the link or the mains fail again; here and there one overtakes another."""
        until = min([run.end, *(low for low, _ in self.cut_off if low > t)]) - self._latency
        sent = max(0, int(min(len(self.journal), (until - t) * REPLAYED_A_SECOND - OVERTAKEN)))
        for number, kept in enumerate(self.journal[:sent]):
            place = number + (self._dice.randrange(OVERTAKEN) if self._dice.random() < 0.03 else 0)
            lines.append((t + place / REPLAYED_A_SECOND, kept))
        del self.journal[:sent]

    def _wake(self, run: Run, t: float, hour: Hour) -> None:
        """Started without a link: nobody hears a birth, but the journal begins to fill."""
        self._keep(t, "NDATA", None, self.host.figures(t, run.booted))
        for device in self.devices:
            told = device.figures(t, hour)
            device.begin(t, told)
            self._keep(t, "DDATA", device, told if told is not None else {"device/reachable": False})
        self._next_host = t + PERIOD_S

    def _report(self, event: tuple[float, Change, Figures], device: Device, online: bool, lines: list[Line]) -> None:
        t, change, figures = event
        if not online:
            self._keep(t, "DDATA", device, figures)
        elif change is Change.LOST:
            self._line(lines, t, "DDATA", device, figures)
            self._line(lines, t + 0.01, "DDEATH", device, {})
        elif change is Change.BACK:
            self._line(lines, t, "DBIRTH", device, _birth(device, figures))
            self._line(lines, t + 0.01, "DDATA", device, {"device/reachable": True})
        else:
            self._line(lines, t, "DDATA", device, figures)

    def _host(self, run: Run, phase: Phase, lines: list[Line]) -> None:
        start, end, online = phase
        t = max(start, self._next_host)
        while t < end:
            figures = self.host.figures(t, run.booted)
            if online:
                self._line(lines, t, "NDATA", None, figures)
            else:
                self._keep(t, "NDATA", None, figures)
            t += PERIOD_S
        self._next_host = t

    def _lost_link(self, t: float, run: Run, lines: list[Line]) -> None:
        """The broker waits one and a half keep-alive times before it tells the will."""
        end = next((high for low, high in self.cut_off if low == t), run.end)
        self._death(min(t + self._dice.uniform(60, 95), end - 0.5), lines)

    def _stopped(self, run: Run, lines: list[Line]) -> None:
        if any(low <= run.end < high for low, high in self.cut_off):
            return
        following = min((each.start for each in self.runs if each.start > run.end), default=run.end + 10 * MINUTE)
        wait = 0.2 if run.clean else self._dice.uniform(60, 95)
        self._death(min(run.end + wait, following - 0.5), lines)

    def _death(self, t: float, lines: list[Line]) -> None:
        if t < self.span[1]:
            self._line(lines, t, "NDEATH", None, {})

    def _line(self, lines: list[Line], t: float, kind: str, device: Device | None, figures: Figures) -> None:
        lines.append((t + self._latency, self._text(t, kind, device, figures, "")))

    def _keep(self, t: float, kind: str, device: Device | None, figures: Figures) -> None:
        if not self._forgetful:
            self.journal.append(self._text(t, kind, device, figures, ',"historical":true'))

    def _text(self, t: float, kind: str, device: Device | None, figures: Figures, mark: str) -> str:
        whose = f'{self._name},"device":"{device.key}"' if device else self._name
        return f'{{"t":{int(t * 1000)},"type":"{kind}",{whose}{mark},"metrics":[{metrics_text(figures)}]}}\n'


def _phases(start: float, end: float, cut_off: list[Interval]) -> list[Phase]:
    """The stretch, cut where the link comes and goes."""
    offline = [(low, high, False) for low, high in clip(cut_off, start, end)]
    online = [(low, high, True) for low, high in subtract([(start, end)], [(low, high) for low, high, _ in offline])]
    return sorted([*offline, *online])


def _birth(device: Device, figures: Figures | None) -> Figures:
    properties: Figures = {"Properties/kind": device.kind, "Properties/profile": device.profile}
    if device.room_key:
        properties["Properties/room"] = device.room_key
    told = figures if figures is not None else {**dict.fromkeys(device.names), "device/reachable": False}
    return {**properties, **told}
