"""Thai and English: the catalogues, and which of the two a reader gets.

Decides nothing about figures and dates (figures.py). Catalogues are read from their .po files when the program starts, so
there is no compile step that could be forgotten.
"""

import gettext
from collections.abc import Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from markupsafe import Markup, escape
from starlette.requests import Request

LOCALES = Path(__file__).parent / "locale"
COOKIE = "lang"
PARAMETER = "lang"
_FAULTS = ("cause.", "symptom.")
_SAID = 8192
"""Words that are kept ready: all that the catalogues hold."""


class Language:
    """One language: its catalogue and its rules."""

    def __init__(self, code: str, catalogue: Catalog) -> None:
        self.code = code
        self.locale = Locale.parse(code)
        self._translations = _compiled(catalogue)
        self._coded = {m.id: str(m.string) for m in catalogue if isinstance(m.id, str) and m.id and m.string}
        self._families: dict[str, list[tuple[str, str]]] = {}

    def gettext(self, msgid: str) -> str:
        return self._translations.gettext(msgid)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self._translations.ngettext(singular, plural, number)

    def lookup(self, code: str) -> str | None:
        """The words for a stored code, or None where the catalogue has none."""
        return self._coded.get(code)

    def fault(self, said: str) -> str:
        """What is wrong: as somebody said it, or the words for a code of ours."""
        return (self.lookup(said) if said.startswith(_FAULTS) else None) or said

    def starting_with(self, prefix: str) -> Sequence[tuple[str, str]]:
        """All stored codes of a family, with their words. `prefix`: one of a few that the program has."""
        if prefix not in self._families:
            told = [(code, words) for code, words in self._coded.items() if code.startswith(prefix)]
            self._families[prefix] = told
        return self._families[prefix]


class Marking:
    """`_` and `ngettext` of the templates of a language, which say what Jinja's own of the new style say.

    Words of the catalogue are markup, what is filled in is escaped. Words without anything to fill in are made once, where
    Jinja would make them at each call: a page of a long list says a thousand.
    """

    def __init__(self, language: Language) -> None:
        self._language = language
        self._words = lru_cache(_SAID)(lambda msgid: Markup(language.gettext(msgid)))  # noqa: S704  of the catalogue
        # Words are a format also where nothing is filled in: "%%" is a percent sign.
        self._plain = lru_cache(_SAID)(lambda msgid: self._words(msgid) % {})

    def gettext(self, msgid: str, /, **variables: object) -> Markup:
        return _filled(self._words(msgid), variables) if variables else self._plain(msgid)

    def ngettext(self, singular: str, plural: str, number: int, /, **variables: object) -> Markup:
        return _filled(self._language.ngettext(singular, plural, number), {"num": number, **variables})


def _filled(words: str, variables: Mapping[str, object]) -> Markup:
    """As `Markup(words) % variables`, which wraps each value and unwraps it."""
    told = {name: value if type(value) is int else escape(value) for name, value in variables.items()}
    return Markup(str.__mod__(words, told))  # noqa: S704  words of the catalogue; what is filled in is escaped


class _Blank(dict[str, object]):
    """Parameters of a text in which a missing one shows as a dash instead of failing the page."""

    def __missing__(self, key: str) -> str:
        return "–"


def fill(words: str, params: Mapping[str, object]) -> str:
    """Words of the catalogue with their parameters in place."""
    return words % _Blank(params)


@lru_cache(maxsize=1)
def load_languages(root: Path = LOCALES) -> Mapping[str, Language]:
    """Every language that has a catalogue, by its code. Read once: it takes half a second."""
    return {
        folder.parent.name: load_language(folder.parent.name, root) for folder in sorted(root.glob("*/LC_MESSAGES"))
    }


def load_language(code: str, root: Path = LOCALES) -> Language:
    """One of them, for a program that needs no other."""
    return Language(code, read_catalogue(root / code / "LC_MESSAGES"))


def read_catalogue(folder: Path) -> Catalog:
    """All files of a language as one: messages.po holds what many pages say, each other file a part of the program."""
    whole = Catalog(locale=folder.parent.name)
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=folder.parent.name, abort_invalid=True):
                if message.id and whole.get(message.id if isinstance(message.id, str) else message.id[0]):
                    raise ValueError(f"{path}: {message.id!r} stands in another catalogue already")
                if message.id:
                    whole[message.id] = message
    return whole


def _compiled(catalogue: Catalog) -> gettext.GNUTranslations:
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def choose(request: Request, languages: Mapping[str, Language], default: str) -> Language:
    """What the address asks for, else what was chosen before, else the house's language: Thai comes first here."""
    for wanted in (request.query_params.get(PARAMETER), request.cookies.get(COOKIE)):
        if wanted and wanted in languages:
            return languages[wanted]
    return languages[default]
