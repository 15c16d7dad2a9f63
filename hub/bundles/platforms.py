"""The kinds of computers at schools, and which wheels each of them can use.

A bundle serves every Python that the systems of its platform come with: Debian 12 and 13, also as Raspberry Pi OS, have 3.11 and
3.13; on Windows it is installed from python.org.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from hub.bundles.errors import BundleMistake

_GLIBC = 36
"""Of Debian 12, the oldest."""
_PYTHON = re.compile(r"cp3(1[1-9])")


@dataclass(frozen=True, slots=True)
class Platform:
    """name: of the bundle; oldest_glibc: from which on manylinux wheels exist for the machine; 0: no Linux."""

    name: str
    machine: str
    pythons: tuple[str, ...]
    oldest_glibc: int = 0

    @property
    def is_linux(self) -> bool:
        return self.oldest_glibc > 0

    @property
    def tags(self) -> tuple[str, ...]:
        """For pip, the best first."""
        if not self.is_linux:
            return (self.name,)
        numbers = range(_GLIBC, self.oldest_glibc - 1, -1)
        return (*(f"manylinux_2_{number}_{self.machine}" for number in numbers), *self._old, f"linux_{self.machine}")

    @property
    def _old(self) -> tuple[str, ...]:
        names = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
        return tuple(f"{name}_{self.machine}" for number, name in names.items() if number >= self.oldest_glibc)

    def environment(self, python: str) -> Mapping[str, str]:
        """What the markers of requirements are about. `python` such as cp311."""
        version = f"{python[2]}.{python[3:]}"
        return {
            "implementation_name": "cpython",
            "implementation_version": f"{version}.0",
            "os_name": "posix" if self.is_linux else "nt",
            "platform_machine": self.machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": "Linux" if self.is_linux else "Windows",
            "platform_version": "",
            "python_full_version": f"{version}.0",
            "python_version": version,
            "sys_platform": "linux" if self.is_linux else "win32",
        }


_DEBIAN = ("cp311", "cp313")
PLATFORMS = {
    each.name: each
    for each in (
        Platform("armv7l", "armv7l", _DEBIAN, 17),
        Platform("aarch64", "aarch64", _DEBIAN, 17),
        Platform("x86_64", "x86_64", _DEBIAN, 5),
        Platform("win_amd64", "AMD64", ("cp311", "cp312", "cp313")),
    )
}


def chosen(names: list[str], pythons: list[str]) -> list[Platform]:
    """All where none is named. Raises BundleMistake."""
    for name in names:
        if name not in PLATFORMS:
            raise BundleMistake(f"there is no platform {name}; there are {', '.join(PLATFORMS)}")
    for python in pythons:
        if not _PYTHON.fullmatch(python):
            raise BundleMistake(f"there is no Python {python}; write it like cp311")
    found = [PLATFORMS[name] for name in names or PLATFORMS]
    return [replace(each, pythons=tuple(pythons)) for each in found] if pythons else found
