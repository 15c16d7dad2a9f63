"""What may be set about roll-outs: [rollouts] of hub.toml."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_WAVE = re.compile(r"([1-9][0-9]{0,4})|([1-9][0-9]?|100)%")
_MIN_MS, _H_MS = 60_000, 3_600_000


def _waves(waves: tuple[str, ...]) -> tuple[str, ...]:
    for each in waves:
        if not _WAVE.fullmatch(each):
            raise ValueError(
                f"{each!r:.40} is no wave; write a number of schools' computers, such as 1, or a share, such as 5%"
            )
    if not waves or waves[-1] != "100%":
        raise ValueError('the last wave must be "100%", or some would never get it')
    return waves


class RolloutSettings(BaseModel):
    """How something new reaches the computers of a group: [rollouts] of hub.toml. A roll-out keeps those it was started with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    waves: Annotated[tuple[str, ...], AfterValidator(_waves)] = Field(
        default=("1", "5%", "100%"),
        description="How many computers each wave takes: a number, or a share of all. One school first, where a person can "
        "go and look; then enough of them to meet most models; then all.",
    )
    healthy_within_min: float = Field(
        default=120.0,
        gt=0,
        description="A computer that is online must have told within so long that it is well, or counts as failed: the download "
        "over a slow line takes an hour, trying it out five minutes.",
    )
    settled_min: float = Field(
        default=6.0,
        gt=0,
        description="A computer that reports with the new version for so long counts as well, also without a word of its "
        "updater, which goes back within five minutes if it must.",
    )
    ask_again_min: float = Field(
        default=15.0,
        gt=0,
        description="A computer that does not answer is asked again after so long, and when it comes back.",
    )
    silent_h: float = Field(
        default=30.0,
        gt=0,
        description="One that was asked and fell silent counts as failed after so long: a school that switches off at four is "
        "back in the morning.",
    )
    stop_share: float = Field(
        default=0.05,
        ge=0,
        lt=1,
        description="So much of a wave may fail; one more stops the roll-out. Of a wave of fewer than twenty the first "
        "failure does.",
    )

    @property
    def healthy_within_ms(self) -> int:
        return int(self.healthy_within_min * _MIN_MS)

    @property
    def settled_ms(self) -> int:
        return int(self.settled_min * _MIN_MS)

    @property
    def ask_again_ms(self) -> int:
        return int(self.ask_again_min * _MIN_MS)

    @property
    def silent_ms(self) -> int:
        return int(self.silent_h * _H_MS)

    def size(self, wave: int, total: int) -> int:
        """How many computers this wave takes, of so many in all; at least one."""
        text = self.waves[wave]
        if not text.endswith("%"):
            return min(int(text), total)
        return max(1, -(-int(text[:-1]) * total // 100))

    def allowed(self, size: int) -> int:
        """How many of a wave of this size may fail."""
        return int(self.stop_share * size)
