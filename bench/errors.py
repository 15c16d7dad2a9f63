"""What can go wrong with a bench. Each error is one clear line for whoever typed the command, with the way out in it.

BenchError
├── SettingsMistake   a key of the settings file cannot be used as it stands
│   └── PortTaken     another program listens there already
├── UnknownFault      no fault of that name
├── NotRunning        no bench answers on the control socket
└── AlreadyRunning    another bench works in this directory
"""

from pathlib import Path


class BenchError(Exception):
    """The operator's fault: the line says what to change, and trying again without that will not help."""


class SettingsMistake(BenchError):
    def __init__(self, path: Path, key: str, problem: str, way_out: str) -> None:
        place = f"{path}: {key}" if key else f"{path}"
        super().__init__(f"{place}: {problem}; {way_out}")


class PortTaken(SettingsMistake):
    def __init__(self, path: Path, key: str, address: str) -> None:
        super().__init__(path, key, f"{address} is in use by another program", "choose a free port there (0 takes any)")


class UnknownFault(BenchError):
    pass


class NotRunning(BenchError):
    pass


class AlreadyRunning(BenchError):
    pass
