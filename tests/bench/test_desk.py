from bench.desk import Desk
from bench.live import LiveSchool


def test_it_breaks_lists_and_mends(in_class: LiveSchool) -> None:
    desk = Desk(in_class)
    assert desk.handle({"do": "fault", "name": "tv-dead"}) == {"ok": True, "active": ["tv-dead"]}
    assert desk.handle({"do": "fault", "name": "rain"}) == {"ok": True, "active": ["tv-dead", "rain"]}
    assert desk.handle({"do": "list"})["active"] == ["tv-dead", "rain"]
    assert desk.handle({"do": "mend", "name": "tv-dead"}) == {"ok": True, "active": ["rain"]}


def test_all_is_mended_in_one_step(in_class: LiveSchool) -> None:
    desk = Desk(in_class)
    for name in ("tv-dead", "projector-off", "lnb-dead"):
        desk.handle({"do": "fault", "name": name})
    assert desk.handle({"do": "mend", "name": "all"}) == {"ok": True, "active": []}
    assert in_class.look().school.powers["p1-projector"].on


def test_an_unknown_name_is_answered_with_the_nearest(in_class: LiveSchool) -> None:
    answer = Desk(in_class).handle({"do": "fault", "name": "rian"})
    assert answer == {"ok": False, "problem": "no fault 'rian'; did you mean 'rain'?"}


def test_an_unknown_request_is_answered(in_class: LiveSchool) -> None:
    assert Desk(in_class).handle({"do": ["dance"]})["ok"] is False
    assert Desk(in_class).handle({})["ok"] is False


def test_it_lists_what_can_be_broken(in_class: LiveSchool) -> None:
    listed = dict(Desk(in_class).handle({"do": "list"})["faults"])
    assert {"tv-dead", "projector-lamp", "receiver-no-lock", "lnb-dead", "rain"} <= set(listed)
