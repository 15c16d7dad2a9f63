"""F35 of a line of a plan: what a school gets of a round of allocation, piece by piece as far as the pieces are known."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from hub.allocation.lines import Line, Source, Stage, Work, called
from hub.allocation.rounds import LineEntry, RoundView
from hub.core.assets import Asset
from hub.core.money import baht_of
from hub.store.assets import AssetRows
from hub.store.unit_of_work import Store
from hub.web.language import Language, load_languages

FORM = "F35"
_ACCEPTED = f"line.{Stage.ACCEPTED.value}"
_WAYS = ("line.delivered", "line.dispatched")


def values(store: Store, view: RoundView, line: Line, days: Mapping[int, date]) -> dict[str, Any]:
    """days  of the moments of its history"""
    history, words = view.history.get(line.id, ()), load_languages()["th"]
    sent = next((each for code in _WAYS for each in reversed(history) if each.text.code == code), None)
    rows = _rows(store, view, line, history)
    until = {row.pop("warranty_until", None) for row in rows}
    return {
        "day": days[sent.id] if sent is not None else None,
        "to_school": view.names.get((line.group, line.school)) or line.school,
        "school_code10": line.school,
        "reference": f"{view.title} ({view.number})",
        "occasion": _occasion(line),
        "items": [{**_said(line, words), **{name: each for name, each in row.items() if each}} for row in rows],
        "warranty_until": until.pop() if len(until) == 1 else None,
        "deliverer": {"name": sent.name, "signed_on": days[sent.id]} if sent is not None and sent.name else {},
    }


def _occasion(line: Line) -> str:
    if line.work is Work.REPAIR:
        return "repair"
    if line.source is Source.MOVED:
        return "transfer"
    return "replacement" if line.asset is not None else "new"


def _said(line: Line, words: Language) -> dict[str, Any]:
    """Of each piece, as far as nobody knows more of it."""
    kind = words.lookup(f"kind.{line.kind}") or line.kind
    return {
        "item": called(kind, line.what),
        "qty": 1,
        "unit_price": baht_of(line.price_satang) if line.price_satang else None,
    }


def _rows(store: Store, view: RoundView, line: Line, history: Sequence[LineEntry]) -> list[dict[str, Any]]:
    """Pieces of the register first, then those whose serial numbers are known, then the rest in one row."""
    if line.giver is not None and line.giver in view.assets:
        return [_of_asset(view.assets[line.giver])]
    accepted = [each.text.params for each in history if each.text.code == _ACCEPTED]
    rows = [_accepted(store, params) for params in accepted]
    known = {row.get("serial_number") for row in rows}
    rows += [{"serial_number": each} for each in line.serials if each not in known][: line.quantity - len(rows)]
    rest = line.quantity - len(rows)
    return [*rows, {"qty": rest}] if rest > 0 else rows


def _accepted(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    found = params.get("asset")
    with store.reading() as connection:
        asset = AssetRows(connection).get(found) if isinstance(found, int) else None
    return _of_asset(asset) if asset else {"serial_number": params.get("serial"), "asset_number": params.get("number")}


def _of_asset(asset: Asset) -> dict[str, Any]:
    return {
        "item": asset.name,
        "model": asset.model,
        "serial_number": asset.serial,
        "asset_number": asset.number,
        "unit_price": None if asset.price_satang is None else baht_of(asset.price_satang),
        "warranty_until": asset.warranty_until,
    }
