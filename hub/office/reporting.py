"""What schools report by the sticker of a device, and where their repair stands: by random tokens, without an account."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from hub.core.assets import Asset
from hub.core.equipment import DeviceKey, NodeKey
from hub.core.people import Principal, PrincipalKind, Role
from hub.office.repair_steps import REPAIR
from hub.repairs.repair import Repair, Spot
from hub.repairs.reporting import Device, Picture, Progress, Report, Unclear, checked
from hub.requesting import Requests
from hub.store.assets import AssetRows
from hub.store.repairs import RepairRows
from hub.store.request_views import Around
from hub.store.requests import RequestRows
from hub.store.submissions import led_to, once
from hub.store.tickets import TicketRows
from hub.store.unit_of_work import Store, UnitOfWork
from hub.workflows.engine import Scene, Wish
from hub.workflows.request import Entry, Request, Told
from hub.workflows.schema import Kind

_RATED_IN, _CLOSED = "handed_over", "closed"
_LONGEST_TOKEN = 64
_MORE, _ONCE_MORE = "report_again", "reopen"
_PICTURED, _MOST = 9, 49
"""Of the reports of one repair: those that may have a picture, and all of them. Both are kept for good."""


class Reporting:
    """Raises Refused where a workflow says no, Unclear where a report says nothing."""

    def __init__(self, store: Store, requests: Requests, clock: Callable[[], int]) -> None:
        self._store, self._requests, self._clock = store, requests, clock

    def device(self, token: str) -> Device | None:
        """What the sticker with this token is on; None where there is none."""
        with self._store.reading() as connection:
            asset = _asset(AssetRows(connection), token)
            if asset is None:
                return None
            rows = RepairRows(connection)
            repair = _open_of(rows, asset)
            spot = _spot(asset)
            return Device(
                asset.kind,
                asset.name or asset.model,
                asset.room,
                rows.school_name(asset.group, asset.school) or asset.school,
                spot.device if spot else None,
                rows.heard_at(spot) if spot else None,
                None if repair is None else self._progress(UnitOfWork(connection), repair),
            )

    def progress(self, token: str) -> Progress | None:
        """Of the repair with this token."""
        if len(token) > _LONGEST_TOKEN:
            return None
        with self._store.reading() as connection:
            repair = RepairRows(connection).by_token(token)
            return None if repair is None else self._progress(UnitOfWork(connection), repair)

    def reported(self, token: str, key: str) -> str | None:
        """The token of the repair's page, where a report with this key came before."""
        with self._store.reading() as connection:
            asset = _asset(AssetRows(connection), token) if key else None
            return None if asset is None else led_to(connection, _visitor_of(asset, ""), key)

    def report(self, token: str, report: Report, picture: Picture | None, key: str = "") -> str | None:
        """Open a repair, or add to the one that is open. The token of its page. One that comes again changes nothing."""
        report = checked(report, picture)
        with self._store.reading() as connection:
            asset = _asset(AssetRows(connection), token)
            told = 0 if asset is None else _told(RepairRows(connection), RequestRows(connection), asset)
        if asset is None:
            return None
        if told >= _MOST:
            raise Unclear("too_often")
        if told >= _PICTURED:
            picture = None
        who = _visitor_of(asset, report.reporter)
        kept = None if picture is None else self._requests.keep_file(who, picture.name, picture.data)
        with self._store.begin() as work:

            def carried_out() -> str:
                repair = _open_of(RepairRows(work.connection), asset)
                if repair is not None:
                    return self._add(work, repair, report, kept, who)
                return self._open(work, asset, report, kept, who)

            return once(work.connection, who, key, self._clock(), carried_out)

    def rate(self, token: str, rating: str, suggestion: str) -> bool:
        """And close it. False where that is not asked."""
        with self._store.begin() as work:
            repair = RepairRows(work.connection).by_token(token) if len(token) <= _LONGEST_TOKEN else None
            request = None if repair is None else RequestRows(work.connection).get(repair.number)
            if request is None or repair is None or not _may_rate(repair, request):
                return False
            who = _visitor(request.number, request.group or "", request.school or "", "")
            wish = Wish({"rating": rating, "suggestion": suggestion}, version=request.version)
            self._requests.move_in(work, request, "close" if request.is_open else "rate", wish, who)
        return True

    def _open(self, work: UnitOfWork, asset: Asset, report: Report, picture: int | None, who: Principal) -> str:
        given: dict[str, object] = {
            "school": f"{asset.group}/{asset.school}",
            "symptom": report.symptom,
            "trouble": report.trouble,
            "channel": "online",
            "reporter": report.reporter,
            "phone": report.phone,
            "picture": picture,
        }
        around, spot = Around(work.connection, who), _spot(asset)
        if spot is not None:
            device = f"{spot.device.node.group}/{spot.device.node.name}/{spot.device.device}"
            given["device"] = device if around.knows(Kind.DEVICE, device) else None
        opened = self._requests.open_in(work, REPAIR, Wish(given), Scene(who, self._clock(), around))
        rows = RepairRows(work.connection)
        repair = rows.get(opened.number)
        assert repair is not None
        rows.change(replace(repair, asset=asset.id, spot=spot))
        return repair.token

    def _add(self, work: UnitOfWork, repair: Repair, report: Report, picture: int | None, who: Principal) -> str:
        request = RequestRows(work.connection).get(repair.number)
        assert request is not None
        given = {
            "further": report.symptom,
            "further_from": report.reporter,
            "further_phone": report.phone,
            "further_picture": picture,
        }
        step = _ONCE_MORE if request.state == _RATED_IN else _MORE
        self._requests.move_in(work, request, step, Wish(given, version=request.version), who)
        return repair.token

    def _progress(self, work: UnitOfWork, repair: Repair) -> Progress | None:
        rows = RequestRows(work.connection)
        request = rows.read(repair.number)
        if request is None:
            return None
        ticket = TicketRows(work.connection).get(repair.ticket) if repair.ticket is not None else None
        told = Progress(
            repair.token,
            request.number,
            request.state,
            request.is_open,
            request.opened_at,
            tuple(_steps(rows.history(request.id))),
            visit_on=_visit(request),
            may_rate=_may_rate(repair, request),
            rating=_text(request, "rating"),
        )
        if ticket is None:
            return told
        return replace(told, gone_since=ticket.onset_at, cause=ticket.cause, well_since=ticket.recovered_at)


def _asset(rows: AssetRows, token: str) -> Asset | None:
    """One that stands at a school."""
    found = rows.by_token(token) if 0 < len(token) <= _LONGEST_TOKEN else None
    return found if found is not None and found.is_there and found.school else None


def _spot(asset: Asset) -> Spot | None:
    if asset.device is None:
        return None
    return Spot(DeviceKey(NodeKey(asset.group, asset.node_name), asset.device))


def _open_of(rows: RepairRows, asset: Asset) -> Repair | None:
    found, spot = rows.open_of_asset(asset.id), _spot(asset)
    return found if found is not None or spot is None else rows.open_at(spot, asset.school)


def _told(repairs: RepairRows, rows: RequestRows, asset: Asset) -> int:
    """How many reports its open repair has, the first among them."""
    repair = _open_of(repairs, asset)
    request = None if repair is None else rows.get(repair.number)
    if request is None:
        return 0
    return 1 + sum(entry.transition in (_MORE, _ONCE_MORE) for entry in rows.history(request.id))


def _visitor_of(asset: Asset, name: str) -> Principal:
    return _visitor(f"asset-{asset.id}", asset.group, asset.school, name)


def _visitor(which: str, group: str, school: str, name: str) -> Principal:
    roles, groups = frozenset({Role.SCHOOL}), frozenset({group})
    return Principal(PrincipalKind.VISITOR, which, name, roles, school, groups)


def _steps(history: Iterable[Entry]) -> Iterable[tuple[str, int]]:
    """The states in which it has been, without those who put it there."""
    for entry in history:
        if entry.told in (Told.OPENED, Told.MOVED) and entry.to is not None and entry.to != entry.origin:
            yield entry.to, entry.at


def _may_rate(repair: Repair, request: Request) -> bool:
    """Once: from the hand-over on, also where somebody of the office has closed it before."""
    if request.state == _RATED_IN:
        return True
    return request.state == _CLOSED and repair.rating_asked_at is not None and "rating" not in request.values


def _visit(request: Request) -> str | None:
    return _text(request, "visit_on") if request.is_open and request.state != _RATED_IN else None


def _text(request: Request, name: str) -> str | None:
    value = request.values.get(name)
    return value if isinstance(value, str) else None
