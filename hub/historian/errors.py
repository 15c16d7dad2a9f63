"""HistorianError
├─ HistorianUnavailable   it takes nothing now; the same again later
└─ HistorianRefused       it takes these lines neither now nor later
"""


class HistorianError(Exception):
    """A server of long history did not take what it was given."""


class HistorianUnavailable(HistorianError):
    """It cannot be reached, is busy, or does not know us."""


class HistorianRefused(HistorianError):
    """It finds fault with the lines."""
