"""Papers of an asset: the slip of hand-over for its last way to a school, and the memorandum that asks to part with it."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from hub.assets.fields import BadField, parsed
from hub.assets.refusals import AssetWrong, Fault
from hub.assets.vocabulary import vocabulary
from hub.core.assets import Asset, AssetEntry
from hub.core.people import Principal
from hub.documents.memoranda import MEMO, begin
from hub.office.asset_look import AssetShelf
from hub.office.papers import Letterhead, Papers
from hub.web.asset_pages import AssetFile

HANDOVER, DISPOSAL = "F35", "disposal"
_MOVED = "moved"
_OCCASIONS: Mapping[str, str] = {_MOVED: "transfer", "allocated": "new", "lent": "loan"}
_LANGUAGE = "th"
"""Of all papers of the office."""


class AssetPapers:
    def __init__(self, look: AssetShelf, papers: Papers, head: Letterhead) -> None:
        self._look, self._papers, self._head = look, papers, head

    def handover(self, asset_id: int, who: Principal, now: int) -> bytes | None:
        """None: no such asset, or it never went to a school. Each way has a number of its own."""
        file = self._look.one(asset_id, who)
        way = None if file is None else last_way(file)
        if file is None or way is None:
            return None
        subject = f"asset_entry:{way.id}"
        papers = self._papers.of(file.asset.group)
        number = papers.number(HANDOVER, subject=subject, who=who, now=now)
        values = self._slip(file, way, self._day(now)) | {"number": str(number)}
        return papers.print_paper(HANDOVER, values, subject=subject, who=who, now=now, about=f"asset:{asset_id}")

    def disposal(self, asset_id: int, how: str, reason: str, who: Principal, now: int) -> bytes:
        """Raises AssetWrong."""
        file = self._look.one(asset_id, who)
        if file is None:
            raise AssetWrong(Fault("no-such-asset"))
        try:
            way = parsed("disposal", how)["disposal"]
        except BadField as bad:
            raise AssetWrong(Fault(bad.code, "disposal", bad.value)) from None
        reason = " ".join(reason.split())[:2000]
        faults = [Fault("missing", name) for name, told in (("disposal", way), ("note", reason)) if not told]
        if faults:
            raise AssetWrong(*faults)
        today = self._day(now)
        facts = _facts(file.asset, vocabulary().word("disposal", way, _LANGUAGE), reason, today)
        subject = f"asset:{asset_id}"
        papers = self._papers.of(file.asset.group)
        values = {**begin(DISPOSAL, facts), **papers.memo_head(subject=subject, who=who, now=now)}
        return papers.print_paper(MEMO, values, subject=subject, who=who, now=now)

    def _slip(self, file: AssetFile, way: AssetEntry, today: date) -> dict[str, Any]:
        asset = file.asset
        row = {
            "item": _name(asset),
            "model": asset.model,
            "serial_number": asset.serial,
            "asset_number": asset.number,
            "qty": 1,
            "unit_price": None if asset.price_satang is None else Decimal(asset.price_satang).scaleb(-2),
            "state": vocabulary().word("state", asset.state.value, _LANGUAGE),
        }
        values = {
            "day": self._day(way.deed.at),
            "from_unit": self._head.of(asset.group).office.name or self._head.name,
            "to_school": file.school_name or asset.school,
            "school_code10": asset.school,
            "reference": way.deed.note,
            "occasion": _occasion(way),
            "warranty_until": asset.warranty_until if asset.warranty_until and asset.warranty_until >= today else None,
        }
        return _said(values) | {"items": [_said(row)]}

    def _day(self, now: int) -> date:
        return datetime.fromtimestamp(now / 1000, self._head.zone).date()


def last_way(file: AssetFile) -> AssetEntry | None:
    """How it came to where it stands: the newest entry that took it to a school."""
    if not file.asset.school or not file.asset.is_there:
        return None
    return next((each for each in file.history if each.deed.what in _OCCASIONS), None)


def _occasion(way: AssetEntry) -> str | None:
    """None: what the office had is no transfer between schools; somebody says with the pen what it is."""
    came_from = next((before for field, before, _ in way.changes if field == "school"), "")
    return None if way.deed.what == _MOVED and not came_from else _OCCASIONS[way.deed.what]


def _facts(asset: Asset, how: str, reason: str, today: date) -> dict[str, str]:
    value = asset.book_value_satang(today)
    return {
        "how": how,
        "items": "1",
        "reason": f"{_called(asset)} {reason}",
        "value": "-" if value is None else f"{Decimal(value).scaleb(-2):,.2f}",
    }


def _name(asset: Asset) -> str:
    return asset.name or vocabulary().word("kind", asset.kind, _LANGUAGE)


def _called(asset: Asset) -> str:
    """So that everybody knows which one is meant."""
    named_by = "number" if asset.number else "serial"
    text = getattr(asset, named_by)
    return f"{_name(asset)} {vocabulary().columns[named_by].of(_LANGUAGE)} {text}" if text else _name(asset)


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is left for the pen."""
    return {name: each for name, each in values.items() if each not in (None, "")}
