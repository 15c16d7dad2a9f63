"""From what the ingestion hears to what the office reads."""

from typing import Any

import pytest
from sqlalchemy.exc import SQLAlchemyError

from hub.core.equipment import NodeKey
from hub.ingestion.facts import NodeBorn, NodeDied
from hub.trust.copying import CopyWatch

NODE = NodeKey("cpm3", "36100042")
NOW = 1_800_000_000_000


def born(bd_seq: int, **properties: Any) -> NodeBorn:
    return NodeBorn(NODE, NOW, NOW, properties, {}, None, bd_seq)


def whats(hub: Any) -> list[str]:
    return sorted(each.what for each in hub.views.troubles(0))


@pytest.fixture
def watch(hub: Any, device: Any) -> CopyWatch:
    """Over a computer that joined; its serial number was 1."""
    assert device.enrol(hub.code())[0] == 200
    return CopyWatch(hub.store)


def test_a_card_that_speaks_from_another_machine_is_told(hub: Any, watch: CopyWatch) -> None:
    watch.heard([born(1, serial_number="1", hardware="Pi"), born(2, serial_number="2", hardware="Pi")])
    watch.tick(NOW)
    (trouble,) = hub.views.troubles(0)
    assert (trouble.what, trouble.hardware.serial, trouble.times) == ("other_hardware", "2", 1)


def test_one_image_in_two_schools_is_told_also_where_no_machine_knows_its_number(hub: Any, watch: CopyWatch) -> None:
    for turn in range(3):
        for _ in range(2):
            watch.heard([born(turn), NodeDied(NODE, NOW, told=True)])
    watch.tick(NOW)
    assert whats(hub) == ["two_at_once"]


def test_a_death_that_the_hub_only_presumes_says_nothing_of_copies(hub: Any, watch: CopyWatch) -> None:
    for _ in range(9):
        watch.heard([born(7), NodeDied(NODE, NOW)])
    watch.tick(NOW)
    assert whats(hub) == []


def test_properties_of_any_kind_are_borne(hub: Any, watch: CopyWatch) -> None:
    watch.heard([born(1, serial_number=7, hardware=None, os="x" * 9000), born(2, serial_number="\x00\n")])
    watch.tick(NOW)
    assert whats(hub) == []


def test_what_cannot_be_written_now_is_written_at_the_next_tick(hub: Any, watch: CopyWatch) -> None:
    watch.heard([born(1, serial_number="2")])
    with hub.store.begin() as work:
        work.connection.exec_driver_sql("ALTER TABLE enrolment_trouble RENAME TO away")
    with pytest.raises(SQLAlchemyError):
        watch.tick(NOW)
    with hub.store.begin() as work:
        work.connection.exec_driver_sql("ALTER TABLE away RENAME TO enrolment_trouble")
    watch.tick(NOW)
    assert whats(hub) == ["other_hardware"]


def test_a_new_code_settles_it(hub: Any, watch: CopyWatch, make_device: Any) -> None:
    watch.heard([born(1, serial_number="2")])
    watch.tick(NOW)
    hub.revoke()
    assert make_device(hub).enrol(hub.code())[0] == 200
    assert whats(hub) == []
