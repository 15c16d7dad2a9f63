"""The settings that a hub runs with, each with the sentence that explains it; secrets show only whether they are there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo


@dataclass(frozen=True, slots=True)
class Setting:
    """name: as it stands in hub.toml. value, default: as text, "" for none.

    why  the explanation in English; what is shown is `setting.<table>.<name>` of the catalogues
    """

    name: str
    value: str
    default: str
    why: str
    secret: bool = False

    @property
    def changed(self) -> bool:
        return self.value != self.default


@dataclass(frozen=True, slots=True)
class SettingTable:
    """A table of hub.toml: `setting_table.<name>` in the catalogues."""

    name: str
    settings: tuple[Setting, ...]


def setting_tables(sections: Mapping[str, BaseModel]) -> tuple[SettingTable, ...]:
    """In the order in which they are given, each with the tables within it after it."""
    return tuple(table for name, section in sections.items() for table in _tables(name, section))


def _tables(name: str, section: BaseModel) -> Iterator[SettingTable]:
    fields = type(section).model_fields
    inner = {each: value for each in fields if isinstance(value := getattr(section, each), BaseModel)}
    yield SettingTable(name, tuple(_setting(section, each, info) for each, info in fields.items() if each not in inner))
    for each, value in inner.items():
        yield from _tables(f"{name}.{each}", value)


def _setting(section: BaseModel, name: str, info: FieldInfo) -> Setting:
    value = getattr(section, name)
    default = None if info.is_required() else info.get_default(call_default_factory=True)
    secret = isinstance(value, SecretStr) or "SecretStr" in str(info.annotation)
    told = ("*" if value else "", "") if secret else (_text(value), _text(default))
    return Setting(info.alias or name, *told, " ".join((info.description or "").split()), secret)


def _text(value: Any) -> str:
    """As a person reads it: lists by commas, yes and no as hub.toml writes them."""
    if value is None or value in ((), {}):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple | list | frozenset):
        return ", ".join(map(_text, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{key} = {_text(each)}" for key, each in value.items())
    return (
        f"{value:%H:%M}"
        if hasattr(value, "hour") and not hasattr(value, "year")
        else str(getattr(value, "value", value))
    )
