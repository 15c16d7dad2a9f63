"""How much of everything happens in a scenario. Rates, so that a district of any size and length can be made."""

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Scenario:
    """faults        how many of each cause per 100 schools and 28 days
    storms_a_day     convective cells over the map; wide_a_week: hours-long rain
    cuts             power cuts per school and week; valley_cuts: per valley and week
    drops            short interruptions of the link per school and week; valley_drops: of a whole valley's
    silences         satellite outages in 28 days
    """

    name: str
    first: str
    storms_a_day: float
    wide_a_week: float
    cuts: float
    valley_cuts: float
    drops: float
    valley_drops: float
    silences: float
    faults: dict[str, float] = field(default_factory=dict)


_SOME = {
    "dish_misaligned": 3.0,
    "signal_degrading": 2.0,
    "lnb_failed": 3.0,
    "receiver_failed": 5.0,
    "tv_failed": 4.0,
    "tv_no_signal": 4.0,
    "lamp_worn": 1.0,
    "host_overheating": 1.0,
    "host_disk_full": 1.0,
    "host_disk_worn": 1.0,
    "host_undervoltage": 1.0,
    "host_clock_wrong": 1.0,
    "school_offline": 2.0,
    "school_link_outage": 1.5,
    "school_power_outage": 1.0,
}
_MANY = {cause: 2.2 * count for cause, count in _SOME.items()}
_QUIET = Scenario("quiet", "2026-06-01", 2, 0.3, 0.02, 0.02, 0.1, 0.0, 0.0, _SOME)
_SIGNAL = {
    "dish_misaligned": 8.0,
    "signal_degrading": 16.0,
    "lnb_failed": 3.0,
    "receiver_failed": 4.0,
    "lamp_worn": 4.0,
}
_DISKS = {"host_disk_full": 4.0, "host_disk_worn": 4.0}

SCENARIOS = {
    each.name: each
    for each in (
        _QUIET,
        replace(_QUIET, name="storms", storms_a_day=26, wide_a_week=2.0, cuts=0.08, valley_cuts=0.15),
        replace(_QUIET, name="outages", cuts=0.3, valley_cuts=0.4, drops=1.0, valley_drops=0.2, silences=3.0),
        replace(_QUIET, name="equinox", first="2026-09-14", storms_a_day=8, wide_a_week=0.7),
        replace(_QUIET, name="degradation", storms_a_day=9, wide_a_week=0.8, faults={**_SIGNAL, **_DISKS}),
        replace(
            _QUIET,
            name="mixture",
            storms_a_day=18,
            wide_a_week=1.4,
            cuts=0.15,
            valley_cuts=0.2,
            drops=0.6,
            valley_drops=0.08,
            silences=1.5,
            faults=_MANY,
        ),
    )
}
