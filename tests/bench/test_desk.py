from bench.desk import Desk
from bench.live import LiveRoom


def test_it_breaks_lists_and_mends(in_class: LiveRoom) -> None:
    desk = Desk(in_class)
    assert desk.handle({"do": "fault", "name": "tv-dead"}) == {"ok": True, "active": ["tv-dead"]}
    assert desk.handle({"do": "fault", "name": "rain"}) == {"ok": True, "active": ["tv-dead", "rain"]}
    assert desk.handle({"do": "list"}) == {"ok": True, "active": ["tv-dead", "rain"]}
    assert desk.handle({"do": "mend", "name": "tv-dead"}) == {"ok": True, "active": ["rain"]}


def test_all_is_mended_in_one_step(in_class: LiveRoom) -> None:
    desk = Desk(in_class)
    for name in ("tv-dead", "projector-off", "lnb-dead"):
        desk.handle({"do": "fault", "name": name})
    assert desk.handle({"do": "mend", "name": "all"}) == {"ok": True, "active": []}
    assert in_class.look().projector.lamp.name == "WARM_UP"


def test_an_unknown_name_is_answered_with_the_nearest(in_class: LiveRoom) -> None:
    answer = Desk(in_class).handle({"do": "fault", "name": "rian"})
    assert answer == {"ok": False, "problem": "no fault 'rian'; did you mean 'rain'?"}


def test_an_unknown_request_is_answered(in_class: LiveRoom) -> None:
    assert Desk(in_class).handle({"do": ["dance"]})["ok"] is False
    assert Desk(in_class).handle({})["ok"] is False
