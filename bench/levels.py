"""What a level in percent of the room's cable is in the units of tuners. 0 % is no signal at all, and has no figure in dBm."""

FLOOR_DBM, SPAN_DB = -70.0, 40.0


def level_dbm(percent: int) -> float:
    """100 % is -30 dBm, the strong end of what an outlet gives (EN 60728-1 less the cable); clear sky lies near -39 dBm."""
    return FLOOR_DBM + SPAN_DB * percent / 100


def satip_level(percent: int) -> int:
    """SAT>IP's 0..255: 224 is -25 dBm, 32 is -65 dBm, linear between; 0 is no signal."""
    if percent <= 0:
        return 0
    return max(1, min(255, round(32 + (level_dbm(percent) + 65) * 192 / 40)))
