"""The device API over a real TLS listener."""

import json
import ssl
from typing import Any

import pytest

from hub.pki.authority import Authority
from hub.trust.updates import NoUpdates, Versions
from provisioning.core.contract import Enrolled, Kind, Outcome, Result

DAY = 86_400_000
SCHOOL = "36100042"


def enrolled(answer: tuple[int, Any]) -> Enrolled:
    assert answer[0] == 200, answer
    return Enrolled.decode(json.dumps(answer[1]).encode())


def code_of(answer: tuple[int, Any]) -> str:
    assert answer[0] >= 400
    assert set(answer[1]) == {"error"}
    return str(answer[1]["error"]["code"])


def test_anybody_is_told_the_roots_and_the_time(hub: Any, device: Any) -> None:
    status, told = device.ask("/v1/trust")
    assert (status, told) == (200, {"roots": list(hub.trusting.authority.trust), "time": hub.clock()})


def test_who_trusts_another_root_does_not_even_greet(hub: Any, device: Any, tmp_path: Any) -> None:
    device.root = Authority(tmp_path / "other", hub.clock()).trust[0]
    with pytest.raises(ssl.SSLCertVerificationError):
        device.ask("/v1/trust")


def test_a_computer_joins_and_is_told_all_that_it_needs(hub: Any, device: Any) -> None:
    told = enrolled(device.enrol(hub.code()))
    assert (told.group, told.node, told.host_id) == ("cpm3", SCHOOL, "hub-cpm3")
    assert told.trust == hub.trusting.authority.trust
    assert told.brokers == ("mqtts://127.0.0.1:1883",)
    assert told.hub == f"https://127.0.0.1:{hub.port}"
    assert (told.time, told.config, told.chain) == (hub.clock(), None, ())
    assert enrolled(device.enrol(hub.code("7"))).node == "7"


def test_a_lost_answer_is_given_again(hub: Any, device: Any) -> None:
    code = hub.code()
    assert device.enrol(code) == device.enrol(code)


def test_each_wrong_code_has_its_own_refusal(hub: Any, device: Any, another: Any) -> None:
    code = hub.code()
    late = hub.code("7")
    device.enrol(code)
    assert code_of(another.enrol(code)) == "code-used"
    assert code_of(another.enrol("3" * 16)) == "code-unknown"
    assert code_of(another.enrol("4" + code[1:] if code[0] != "4" else "3" + code[1:])) == "code-mistyped"
    hub.clock.now += 31 * DAY
    assert code_of(another.enrol(late)) == "code-expired"


def test_after_many_wrong_codes_nothing_is_heard_for_a_while(make_hub: Any, make_device: Any) -> None:
    hub = make_hub(enrolment={"wrong_codes_per_hour": 3}).serve()
    device = make_device(hub)
    good = hub.code()
    assert [code_of(device.enrol("3" * 16)) for _ in range(4)] == ["code-unknown"] * 3 + ["too-many-tries"]
    assert code_of(device.enrol(good)) == "too-many-tries"
    hub.clock.now += 3_600_000
    assert enrolled(device.enrol(good)).node == SCHOOL


def test_too_many_requests_are_refused_with_when_to_come_again(make_hub: Any, make_device: Any) -> None:
    hub = make_hub(enrolment={"requests_per_minute": 10}).serve()
    device = make_device(hub)
    answers = [device.call("GET", "/v1/trust", None, {}) for _ in range(11)]
    assert [status for status, _, _ in answers] == [200] * 10 + [429]
    assert answers[-1][2]["Retry-After"] == "60"


def test_a_certificate_is_renewed_also_long_after_it_expired(hub: Any, device: Any, another: Any) -> None:
    held = enrolled(device.enrol(hub.code()))
    hub.clock.now += 160 * DAY
    renewed = enrolled(device.renew(held, another))
    assert renewed.certificate != held.certificate
    assert device.renew(held, another)[1]["certificate"] == renewed.certificate


def test_a_copied_disk_is_told_when_it_wants_to_renew(hub: Any, device: Any, another: Any) -> None:
    held = enrolled(device.enrol(hub.code()))
    device.renew(held, another)
    third = type(device)(hub.port, device.root)
    assert code_of(device.renew(held, third)) == "key-superseded"
    assert [trouble.what for trouble in hub.views.troubles(0)] == ["key_superseded"]


def test_who_is_shut_out_is_refused_everywhere_at_once(hub: Any, device: Any, another: Any) -> None:
    code = hub.code()
    held = enrolled(device.enrol(code))
    hub.revoke()
    assert code_of(device.renew(held, another)) == "node-revoked"
    assert code_of(device.write(held.certificate, "/v1/node", "{}")) == "node-revoked"
    assert code_of(device.enrol(code)) == "node-revoked"


def test_a_letter_for_another_place_or_by_another_key_is_refused(hub: Any, device: Any, another: Any) -> None:
    held = enrolled(device.enrol(hub.code()))
    letter = device.letter(held.certificate, "/v1/renew", "{}")
    assert code_of(device.ask("/v1/node", letter)) == "letter-refused"
    assert code_of(another.write(held.certificate, "/v1/node", "{}")) == "letter-refused"


def test_a_node_is_told_daily_what_to_run_and_where_the_hub_is(make_hub: Any, make_device: Any) -> None:
    heard: list[Any] = []

    class Updates(NoUpdates):
        def versions(self, node: Any) -> Versions:
            return Versions(release="1.2.0")

        def config(self, node: Any) -> str | None:
            return "poll_s = 5\n"

        def heard(self, node: Any, outcome: Outcome, now: int) -> None:
            heard.append((node.name, outcome, now))

    hub = make_hub(devices={"listen": "127.0.0.1:0", "names": ["hub.example.org", "127.0.0.1"]}).serve(
        updates=Updates()
    )
    device = make_device(hub)
    held = enrolled(device.enrol(hub.code()))
    assert held.config == "poll_s = 5\n"
    status, told = device.write(held.certificate, "/v1/node", "{}")
    assert (status, told["release"], told["config"]) == (200, "1.2.0", None)
    assert told["hub"] == f"https://hub.example.org:{hub.port}"
    outcome = Outcome(Kind.UPDATE, "1.2.0", Result.ROLLED_BACK, "no birth within five minutes")
    assert device.write(held.certificate, "/v1/outcome", outcome.encode()) == (200, {})
    assert heard == [(SCHOOL, outcome, hub.clock())]


def test_a_hub_that_ended_before_it_answered_gives_the_same_certificate(make_hub: Any, make_device: Any) -> None:
    first = make_hub()
    code = first.code()
    device = make_device(first.serve())
    held = enrolled(device.enrol(code))
    first.stop()
    second = make_hub().serve()
    device.port = second.port
    assert enrolled(device.enrol(code)).certificate == held.certificate


def test_a_slip_that_was_used_does_not_fill_the_audit_with_ever_new_keys(make_hub: Any, make_device: Any) -> None:
    hub = make_hub(enrolment={"wrong_codes_per_hour": 5}).serve()
    code = hub.code()
    assert make_device(hub).enrol(code)[0] == 200
    statuses = [make_device(hub).enrol(code)[0] for _ in range(8)]
    assert statuses == [409] * 5 + [429] * 3
    assert len(hub.views.troubles(0)) == 5
