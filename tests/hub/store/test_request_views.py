"""What somebody may name in a field: nothing of a school or a district that is not theirs."""

import pytest
from sqlalchemy import insert

from hub.core.assets import Asset, Deed
from hub.core.people import NOBODY, THE_HUB, Permission, Principal, PrincipalKind, Role
from hub.store.assets import AssetRows
from hub.store.request_views import Around
from hub.store.tables import device, node, school
from hub.store.unit_of_work import Store
from hub.workflows.schema import Kind

PLACES = (("cpm3", "30010012"), ("cpm3", "30010027"), ("cmi3", "50010001"))
OF_THREE = frozenset({"cpm3"})


def known(place: tuple[str, str]) -> tuple[tuple[Kind, str], ...]:
    """A school as a field holds it, its device, stock that lies there, and its asset."""
    named = "/".join(place)
    return (Kind.SCHOOL, named), (Kind.DEVICE, f"{named}/p1-tv"), (Kind.PLACE, named), (Kind.ASSET, place[1])


@pytest.fixture
def around(store: Store) -> Store:
    with store.begin() as work:
        for group, code in PLACES:
            work.connection.execute(insert(school).values(group=group, code=code, name=code))
            row = insert(node).values(group=group, name=code, school=code, online=True, properties={})
            made = int(work.connection.execute(row.returning(node.c.id)).scalar_one())
            told = {"key": "p1-tv", "kind": "tv", "room": "p1", "properties": {}, "latest": {}}
            work.connection.execute(insert(device).values(node_id=made, **told))
            AssetRows(work.connection).add(Asset(group, "tv", code, school=code), Deed("added", "command", "", 1))
    return store


def named(store: Store, who: Principal) -> list[str]:
    """What of all three schools they may name, as kind and code."""
    with store.reading() as connection:
        look = Around(connection, who)
        told = [(kind, value) for place in PLACES for kind, value in known(place) if look.knows(kind, value)]
    return [f"{kind.value} {value.removesuffix('/p1-tv').rpartition('/')[2]}" for kind, value in told]


def all_of(*codes: str) -> list[str]:
    return [f"{kind} {code}" for code in codes for kind in ("school", "device", "place", "asset")]


def one(role: Role, **more: object) -> Principal:
    return Principal(PrincipalKind.PERSON, "1", "", frozenset({role}), **more)  # type: ignore[arg-type]


def test_somebody_of_a_school_names_no_other_school_and_none_of_its_devices(around: Store) -> None:
    teacher = one(Role.SCHOOL, school="30010012", groups=OF_THREE)
    assert named(around, teacher) == [*all_of("30010012"), "asset 30010027"]


def test_whoever_follows_a_sticker_names_what_is_at_its_school(around: Store) -> None:
    visitor = Principal(PrincipalKind.VISITOR, "asset-1", "", frozenset({Role.SCHOOL}), "30010012", OF_THREE)
    assert (Kind.DEVICE.value + " 30010012") in named(around, visitor)
    assert (Kind.DEVICE.value + " 30010027") not in named(around, visitor)


def test_somebody_limited_to_a_district_names_nothing_of_another(around: Store) -> None:
    technician = one(Role.TECHNICIAN, groups=OF_THREE)
    assert named(around, technician) == all_of("30010012", "30010027")


def test_somebody_of_a_school_without_one_names_no_school(around: Store) -> None:
    assert [each for each in named(around, one(Role.SCHOOL)) if not each.startswith("asset")] == []
    assert [each for each in named(around, NOBODY) if not each.startswith("asset")] == []


@pytest.mark.parametrize("who", [THE_HUB, one(Role.TECHNICIAN), one(Role.SUPPLY)])
def test_the_hub_and_the_office_name_everything(around: Store, who: Principal) -> None:
    assert named(around, who) == all_of(*(code for _, code in PLACES))


def test_a_program_that_keeps_the_stock_names_the_schools_of_its_owner(around: Store) -> None:
    scopes = frozenset({Permission.KEEP_STOCK})
    program = Principal(PrincipalKind.TOKEN, "1", "", frozenset({Role.SUPPLY}), None, OF_THREE, scopes)
    assert named(around, program) == all_of("30010012", "30010027")
