"""Which receivers hang on which dish, and what that says of rooms and places."""

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.findings import Place
from hub.detection.aerials import UNNAMED, Aerials
from hub.detection.dishes import Dish
from hub.detection.facts import DeviceFacts
from hub.detection.view import SiteView


def _aerials(*receivers: DeviceFacts) -> Aerials:
    view = SiteView()
    for facts in receivers:
        view.device("36030001", facts.key).facts = facts
    aerials = Aerials("cpm3", "36030001", view)
    aerials.arrange()
    return aerials


def _receiver(room: str, dish: str | None = "d1") -> DeviceFacts:
    return DeviceFacts(f"{room}-receiver", "receiver", room, None, dish)


def test_receivers_hang_on_the_dish_that_the_register_names() -> None:
    aerials = _aerials(_receiver("p1"), _receiver("p2"), _receiver("p3", "d2"))
    assert [device.key for device, _ in aerials.receivers("d1")] == ["p1-receiver", "p2-receiver"]
    assert aerials.rooms("d2") == ["p3"]


def test_where_the_register_names_none_a_school_has_one_dish() -> None:
    assert _aerials(_receiver("p1", None), _receiver("p2", None)).rooms(UNNAMED) == ["p1", "p2"]


def test_a_dish_stands_at_the_node_of_its_receivers() -> None:
    assert _aerials(_receiver("p1")).place("d1") == Place(DeviceKey(NodeKey("cpm3", "36030001")), "d1")


def test_a_dish_with_a_fault_of_its_own_does_not_speak_for_the_weather() -> None:
    aerials = _aerials(_receiver("p1"), _receiver("p2", "d2"))
    for name, drop in (("d1", 6.0), ("d2", 1.0)):
        aerials.dishes[name] = Dish()
        (level,) = aerials.levels(name)
        level.base, level.last = 13.0, [13.0 - drop] * 3
    aerials.dishes["d1"].told = "dish_misaligned"
    assert aerials.drop() == 1.0
