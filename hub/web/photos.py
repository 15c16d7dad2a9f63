"""What a form carries besides its fields: photos, which tell nothing but themselves and the key by which it counts once.

A browser sends each photo made small, and beside it one that is as small as a list shows it. Without a script it sends what the
camera made.
"""

import re
from itertools import islice, zip_longest

from starlette.datastructures import FormData, UploadFile

from hub.core.pictures import Photo, cleaned
from hub.web.failures import Problem

PHOTO, SMALL, KEY = "photo", "photo.small", "once"
PHOTO_FIELDS = frozenset({PHOTO, SMALL})
MOST_PHOTOS, MOST_BYTES, MOST_SMALL = 8, 6 * 1024 * 1024, 64 * 1024
MOST_IN_ALL = 16 * 1024 * 1024
"""Of a form with photos."""
_KEY = re.compile(r"[0-9A-Za-z-]{16,64}")


def key_of(form: FormData) -> str:
    """The same however often the form is sent; empty where it has none."""
    given = form.get(KEY, "")
    return given if isinstance(given, str) and _KEY.fullmatch(given) else ""


def photos_in(form: FormData) -> tuple[Photo, ...]:
    """Raises Problem where one is no picture, or too large."""
    sent = [each for each in form.getlist(PHOTO) if isinstance(each, UploadFile) and each.filename]
    small = [each for each in form.getlist(SMALL) if isinstance(each, UploadFile) and each.filename]
    pairs = islice(zip_longest(sent, small[: len(sent)]), MOST_PHOTOS)
    return tuple(_photo(each, its_small) for each, its_small in pairs if each is not None)


def picture_of(sent: UploadFile, most: int) -> Photo | None:
    """None: it is none, or too large."""
    data = sent.file.read(most + 1)
    return cleaned(data) if len(data) <= most else None


def _photo(sent: UploadFile, small: UploadFile | None) -> Photo:
    found = picture_of(sent, MOST_BYTES)
    if found is None:
        way_out = f"send JPEG, PNG or WebP of at most {MOST_BYTES} bytes"
        raise Problem(415, "no-picture", "A photo is no picture that is known here.", field=PHOTO, way_out=way_out)
    as_listed = None if small is None else picture_of(small, MOST_SMALL)
    is_good = as_listed is not None and as_listed.type == "image/jpeg"
    return Photo(found.type, found.data, as_listed.data if as_listed is not None and is_good else b"")
