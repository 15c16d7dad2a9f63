"""The register of assets: nothing changes without a line of history, nor over somebody's head."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from hub.core.assets import Asset, AssetFlaw, AssetRefused, AssetState, Component, Deed, Disposal
from hub.store.asset_tables import asset_entry
from hub.store.assets import AssetRows
from hub.store.unit_of_work import Store

GROUP, SCHOOL = "cpm3", "36030001"
ADDED = Deed("added", "person:1", "Anong", 5)
CHANGED = Deed("changed", "person:1", "Anong", 6, "seen on site")
TV = Asset(
    GROUP,
    "tv",
    number="7730-001-0001",
    serial="SN1",
    name="โทรทัศน์",
    model="LG 43",
    school=SCHOOL,
    room="p1",
    device="p1-tv",
    price_satang=1_299_000,
    acquired_on=date(2024, 5, 17),
    warranty_until=date(2027, 5, 16),
    useful_life_years=5,
    told=frozenset({"serial"}),
)


def added(store: Store, new: Asset = TV) -> Asset:
    with store.begin() as work:
        return AssetRows(work.connection).add(new, ADDED)


def test_an_asset_comes_back_as_it_was_written(store: Store) -> None:
    written = replace(TV, state=AssetState.WRITTEN_OFF, device=None, disposal=Disposal.SOLD)
    kept = added(store, written)
    with store.reading() as connection:
        rows = AssetRows(connection)
        assert rows.get(kept.id) == kept == replace(written, id=kept.id, version=1, token=kept.token)
        assert rows.by_number(GROUP, TV.number) == kept
        assert rows.by_token(kept.token) == kept
        assert rows.of_school(GROUP, SCHOOL) == rows.all([GROUP]) == rows.all() == (kept,)
        assert rows.all(["elsewhere"]) == ()


def test_a_device_finds_its_asset_whether_its_agent_is_named_or_not(store: Store) -> None:
    first = added(store, replace(TV, node=SCHOOL))
    other = added(store, replace(TV, number="2", node=f"{SCHOOL}-2"))
    computer = added(store, replace(TV, number="3", device=""))
    with store.reading() as connection:
        rows = AssetRows(connection)
        found = rows.at(GROUP, SCHOOL, "p1-tv")
        assert found is not None
        assert found.id == first.id
        assert rows.at(GROUP, SCHOOL, "p1-tv", SCHOOL) == found
        assert rows.at(GROUP, SCHOOL, "p1-tv", f"{SCHOOL}-2") == other
        assert rows.at(GROUP, SCHOOL, "") == computer
        assert rows.at(GROUP, SCHOOL, "p2-tv") is None


def test_every_change_is_told_with_what_was_before(store: Store) -> None:
    kept = added(store)
    with store.begin() as work:
        then = AssetRows(work.connection).change(replace(kept, room="p2", price_satang=None), CHANGED)
    with store.reading() as connection:
        rows = AssetRows(connection)
        assert rows.get(kept.id) == then
        newest, first = rows.history(kept.id)
    assert then.version == 2
    assert newest.deed == CHANGED
    assert newest.changes == (("room", "p1", "p2"), ("price_satang", "1299000", ""))
    assert ("acquired_on", "", "2024-05-17") in first.changes


def test_an_asset_at_another_school_is_no_device_there(store: Store) -> None:
    kept = added(store)
    with store.begin() as work:
        rows = AssetRows(work.connection)
        rows.add(replace(TV, number="2", school="36030002"), ADDED)
        lent = rows.change(replace(kept, school="36030002"), CHANGED)
    assert (lent.school, lent.device) == ("36030002", None)


def test_what_is_written_off_frees_its_device(store: Store) -> None:
    kept = added(store)
    with store.begin() as work:
        rows = AssetRows(work.connection)
        gone = rows.change(replace(kept, state=AssetState.WRITTEN_OFF, disposal=Disposal.SOLD), CHANGED)
        new = rows.add(replace(TV, number="2"), ADDED)
    assert (gone.device, new.device) == (None, "p1-tv")


def test_a_change_of_nothing_is_none(store: Store) -> None:
    kept = added(store)
    with store.begin() as work:
        rows = AssetRows(work.connection)
        assert rows.change(kept, CHANGED) == kept
        assert len(rows.history(kept.id)) == 1


def test_who_read_an_older_version_changes_nothing(store: Store) -> None:
    kept = added(store)
    with store.begin() as work:
        AssetRows(work.connection).change(replace(kept, room="p2"), CHANGED)
    with store.begin() as work, pytest.raises(AssetRefused) as refused:
        AssetRows(work.connection).change(replace(kept, room="p3"), CHANGED)
    assert refused.value.flaw is AssetFlaw.STALE


def test_no_number_and_no_device_is_there_twice(store: Store) -> None:
    added(store)
    added(store, replace(TV, number="", device=None))
    added(store, replace(TV, number="", device=None))
    with store.begin() as work, pytest.raises(AssetRefused) as refused:
        AssetRows(work.connection).add(replace(TV, device=None), ADDED)
    assert refused.value.flaw is AssetFlaw.NUMBER_TAKEN
    with store.begin() as work, pytest.raises(AssetRefused) as refused:
        AssetRows(work.connection).add(replace(TV, number="2"), ADDED)
    assert (refused.value.flaw, refused.value.by) == (AssetFlaw.DEVICE_TAKEN, TV.number)


def test_many_are_added_at_once_with_a_line_each(store: Store) -> None:
    many = [replace(TV, number=f"n{n}", device=f"d{n}") for n in range(501)]
    with store.begin() as work:
        AssetRows(work.connection).add_all(many, ADDED)
    with store.reading() as connection:
        rows = AssetRows(connection)
        last = rows.by_number(GROUP, "n500")
        assert last is not None
        assert (last.device, last.version) == ("d500", 1)
        assert rows.by_token(last.token) == last
        assert ("number", "", "n500") in rows.history(last.id)[0].changes


def test_a_component_has_lines_of_its_own(store: Store) -> None:
    kept = added(store, replace(TV, kind="projector"))
    with store.begin() as work:
        rows = AssetRows(work.connection)
        lamp = rows.fit(
            Component(kept.id, "lamp", "ELPLP88", fitted_on=date(2025, 1, 2)), replace(ADDED, what="fitted")
        )
        rows.change_component(replace(lamp, removed_on=date(2026, 1, 2)), replace(CHANGED, what="removed"))
        newer = rows.fit(Component(kept.id, "lamp", "ELPLP88", "S2", date(2026, 1, 2)), replace(ADDED, what="fitted"))
    with store.reading() as connection:
        rows = AssetRows(connection)
        assert rows.components(kept.id) == (newer, replace(lamp, removed_on=date(2026, 1, 2)))
        told = [(each.deed.what, each.component) for each in rows.history(kept.id)]
    assert told == [("fitted", newer.id), ("removed", lamp.id), ("fitted", lamp.id), ("added", None)]


def test_a_history_cannot_be_written_anew(store: Store) -> None:
    added(store)
    with pytest.raises(DBAPIError, match="never changed"), store.begin() as work:
        work.connection.execute(update(asset_entry).values(note="nothing happened"))
