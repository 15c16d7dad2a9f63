"""The list of districts with their names and provinces: read once, when the hub starts."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from starlette.requests import Request

from hub.core.districts import District, DistrictSettings

_MAX_BYTES = 2**20
_LONGEST = 120
_COLUMNS = ("code", "th", "en", "province_th", "province_en")
DistrictNames = Mapping[str, District]


class DistrictsMistake(Exception):
    """One line that names the file and the way out."""


def read_names(settings: DistrictSettings) -> DistrictNames:
    """By code. Raises DistrictsMistake."""
    path = settings.names
    if path is None:
        return {}
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
        if len(data) > _MAX_BYTES:
            raise DistrictsMistake(f"{path}: is larger than {_MAX_BYTES} bytes; write one line a district")
        return {each.code: each for each in _districts(path, data.decode("utf-8-sig").splitlines())}
    except OSError as error:
        raise DistrictsMistake(f"{path}: cannot be read ({error.strerror}); correct names in [districts]") from None
    except UnicodeDecodeError:
        raise DistrictsMistake(f"{path}: is no UTF-8; save it as CSV UTF-8") from None


def _districts(path: Path, lines: list[str]) -> Iterator[District]:
    rows = csv.DictReader(lines)
    missing = set(_COLUMNS) - set(rows.fieldnames or ())
    if missing:
        raise DistrictsMistake(f"{path}: has no column {min(missing)}; write the heading {','.join(_COLUMNS)}")
    seen = set[str]()
    for number, row in enumerate(rows, 2):
        told = {name: " ".join((row[name] or "").split()) for name in _COLUMNS}
        if not told["code"] or max(map(len, told.values())) > _LONGEST:
            raise DistrictsMistake(f"{path}: line {number} has no code, or a name of more than {_LONGEST} characters")
        if told["code"] in seen:
            raise DistrictsMistake(f"{path}: line {number} names {told['code']} once more; leave one of them")
        seen.add(told["code"])
        yield District(**told)


def district_of(request: Request, code: str) -> District:
    """With nothing but its code where the list does not name it."""
    names: DistrictNames = request.app.state.district_names
    return names.get(code) or District(code)
