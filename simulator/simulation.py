"""Runs a planned world hour by hour: every school's state, what its agents report of it, and what was really so.

Memory does not grow with the length of the recording but for its labels: lines are held for an hour, journals while a link is
gone, and what is replayed late until its turn.
"""

import heapq
from collections.abc import Callable, Iterator

from simulator.agents import Agent, Line
from simulator.clock import HOUR
from simulator.devices import Device, Hour
from simulator.dishes import DishSignal
from simulator.district import Node, School
from simulator.fades import Fades
from simulator.hosts import Host
from simulator.intervals import EVER, clip
from simulator.lamps import hours_before
from simulator.randomness import noise_table
from simulator.receivers import Receiver
from simulator.rooms import RECOVERY, RoomLife
from simulator.screens import Plug, Screen, Ups
from simulator.truth import Truth
from simulator.world import World


class SchoolLife:
    """One school over time."""

    def __init__(self, world: World, school: School, noise: list[float]) -> None:
        self._world, self.school = world, school
        faults = world.faults_of(school)
        start = world.span[0]
        self._dishes = {dish.key: DishSignal(world.seed, school, dish, faults, start) for dish in school.dishes}
        self._rooms = {room.key: RoomLife(world.seed, school, room, faults, world.calendar) for room in school.rooms}
        self.agents = [self._agent(node, noise) for node in school.nodes]

    def hour(self, start: int) -> Hour:
        sky = self._world.sky.hour(self.school, start)
        silences = clip(self._world.outages.silences, start, start + HOUR)
        dark = [cut for cut in self._world.dark(self.school) if cut[0] < start + HOUR and cut[1] + RECOVERY > start]
        return Hour(
            start,
            self.school,
            sky,
            {key: dish.hour(start, sky, silences) for key, dish in self._dishes.items()},
            {key: room.stretches(start, start + HOUR, dark) for key, room in self._rooms.items()},
            dark,
        )

    def _agent(self, node: Node, noise: list[float]) -> Agent:
        world = self._world
        faults = world.faults_of(self.school)
        devices = list(self._devices(node, noise))
        host = Host(world.seed, node, faults)
        return Agent(world.seed, node, host, devices, world.runs[node.name], world.cut_off(self.school), world.span)

    def _devices(self, node: Node, noise: list[float]) -> Iterator[Device]:
        seed, school, poll = self._world.seed, self.school, node.poll_s
        faults = self._world.faults_of(school)
        for room in school.rooms:
            if room.node != node.name:
                continue
            yield Receiver(seed, school, room, poll, noise)
            fresh = RoomLife(seed, school, room, faults, self._world.calendar)
            yield Screen(seed, school, room, poll, hours_before(room, fresh, faults, self._world.span[0]))
            if room.plug:
                yield Plug(seed, school, room, poll)
        if school.ups_minutes and node is school.nodes[0]:
            yield Ups(seed, school, poll)


def simulate(world: World, truth: Truth, fades: Fades, progress: Callable[[float], None]) -> Iterator[str]:
    """The lines of the recording, in order of arrival."""
    noise = noise_table(world.seed)
    lives = [SchoolLife(world, school, noise) for school in world.district.schools]
    waiting: list[tuple[float, int, str]] = []
    count = 0
    start, end = map(int, world.span)
    for t in range(start, end, HOUR):
        for life in lives:
            for arrival, text in _school_hour(life, t, truth, fades):
                waiting.append((arrival, count, text))
                count += 1
        heapq.heapify(waiting)
        yield from _arrived(waiting, t + HOUR)
        progress((t + HOUR - start) / (end - start))
    yield from _arrived(waiting, EVER)


def _school_hour(life: SchoolLife, t: int, truth: Truth, fades: Fades) -> Iterator[Line]:
    hour = life.hour(t)
    for agent in life.agents:
        yield from agent.hour(hour)
    truth.hour(hour)
    fades.hour(hour)


def _arrived(waiting: list[tuple[float, int, str]], until: float) -> Iterator[str]:
    while waiting and waiting[0][0] < until:
        yield heapq.heappop(waiting)[2]
