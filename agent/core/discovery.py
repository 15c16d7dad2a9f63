"""Which device stands where, judged from what answered to which profile's question. What cannot be told apart is a doubt.

Asking is done in agent.services.discovering; what becomes of the findings in agent.core.proposals.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from firmware_profiles.schema import Profile

MODEL = "Properties/model"


@dataclass(frozen=True, slots=True)
class Answer:
    """One address answered as a profile says.

    place       the host, or the line: answers of one place may be of one device
    address     as it stands in agent.toml
    properties  what it told of itself
    refusal     why it does not tell yet, where that is all that it answered: what somebody has to set first
    """

    place: str
    address: str
    profile: Profile
    properties: Mapping[str, str]
    refusal: str = ""

    @property
    def locked(self) -> bool:
        return bool(self.refusal)

    @property
    def model(self) -> str:
        return self.properties.get(MODEL, "")

    @property
    def speaks_against(self) -> bool:
        """Whether it told of a model that is not this profile's."""
        expression = self.profile.recognise.model
        return bool(expression and self.model) and not self._matches

    @property
    def weight(self) -> tuple[bool, bool, bool]:
        """The greater, the surer."""
        return not self.locked, self._matches, not self.profile.recognise.generic

    @property
    def _matches(self) -> bool:
        expression = self.profile.recognise.model
        return bool(expression and self.model and re.search(expression, self.model))


@dataclass(frozen=True, slots=True)
class Found:
    """A device. `also`: ids of profiles by which the same device could be asked too."""

    answer: Answer
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that answers as several profiles say. `locked`: because each of them needs a setting first."""

    place: str
    address: str
    profiles: tuple[str, ...]
    locked: bool


def judge(answers: Iterable[Answer]) -> tuple[list[Found], list[Doubt]]:
    """Devices and doubts, in the order of their places."""
    sure: defaultdict[tuple[str, str], list[Answer]] = defaultdict(list)
    doubts: list[Doubt] = []
    for address, rivals in _by_address(answers).items():
        best = _surest(rivals)
        if len(best) == 1:
            sure[best[0].place, best[0].profile.kind].append(best[0])
        else:
            ids = tuple(sorted(one.profile.id for one in best))
            doubts.append(Doubt(best[0].place, address, ids, best[0].locked))
    return [_one_device(ways) for _, ways in sorted(sure.items())], sorted(doubts, key=lambda doubt: doubt.address)


def _by_address(answers: Iterable[Answer]) -> dict[str, list[Answer]]:
    found: defaultdict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        if not answer.speaks_against:
            found[answer.address].append(answer)
    return found


def _surest(rivals: list[Answer]) -> list[Answer]:
    most = max(one.weight for one in rivals)
    return [one for one in rivals if one.weight == most]


def _one_device(ways: list[Answer]) -> Found:
    """Several addresses of one host and one kind are one device that speaks several protocols: the one that tells most."""
    first, *others = sorted(
        ways, key=lambda one: (*(not fact for fact in one.weight), -len(one.profile.metrics), one.address)
    )
    return Found(first, tuple(other.profile.id for other in others))
