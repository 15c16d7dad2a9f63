"""The agent's rules, asked in pyasn1's words: communities, missing objects in both versions, walking, and no writing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyasn1.codec.ber import decoder, encoder
from pysnmp.proto import api

from bench.snmp import Agent, Value

OBJECTS = {
    (1, 3, 6, 1, 2, 1, 1, 1, 0): Value.text("a receiver"),
    (1, 3, 6, 1, 2, 1, 1, 2, 0): Value.oid((1, 3, 6, 1, 4, 1, 1070)),
    (1, 3, 6, 1, 2, 1, 1, 3, 0): Value.ticks(2**32 + 4711),
    (1, 3, 6, 1, 4, 1, 1070, 8, 0): Value.integer(-388),
}
FIRST, LAST = min(OBJECTS), max(OBJECTS)
Found = list[tuple[tuple[int, ...], Any]]


def ask(
    kind: str, oids: list[tuple[int, ...]], version: int = 1, community: str = "public", **counts: int
) -> tuple[int, int, Found] | None:
    """Error status, error index, and what came: by pysnmp's own reading of both datagrams."""
    module: Any = api.PROTOCOL_MODULES[version]
    pdu = getattr(module, f"{kind}PDU")()
    bulk = kind == "GetBulkRequest"
    (module.apiBulkPDU if bulk else module.apiPDU).set_defaults(pdu)
    if bulk:
        module.apiBulkPDU.set_non_repeaters(pdu, counts.get("non_repeaters", 0))
        module.apiBulkPDU.set_max_repetitions(pdu, counts.get("repetitions", 10))
    values = module.apiBulkPDU if bulk else module.apiPDU
    values.set_varbinds(pdu, [(oid, module.Null("")) for oid in oids])
    message = module.Message()
    module.apiMessage.set_defaults(message)
    module.apiMessage.set_community(message, community)
    module.apiMessage.set_pdu(message, pdu)
    return heard(module, pdu, Agent("public", lambda: OBJECTS, lambda: False).replies(encoder.encode(message)))


def heard(module: Any, pdu: Any, replies: list[bytes]) -> tuple[int, int, Found] | None:
    if not replies:
        return None
    answer, rest = decoder.decode(replies[0], asn1Spec=module.Message())
    assert not rest
    response = module.apiMessage.get_pdu(answer)
    assert module.apiPDU.get_request_id(response) == module.apiPDU.get_request_id(pdu)
    pairs = [(tuple(oid), value) for oid, value in module.apiPDU.get_varbinds(response)]
    return int(module.apiPDU.get_error_status(response)), int(module.apiPDU.get_error_index(response) or 0), pairs


def test_a_get_finds_what_there_is() -> None:
    answer = ask("GetRequest", [FIRST, LAST])
    assert answer is not None
    assert [str(value) for _, value in answer[2]] == ["a receiver", "-388"]
    assert [oid for oid, _ in answer[2]] == [FIRST, LAST]


def test_every_type_is_read_as_what_it_is() -> None:
    answer = ask("GetRequest", list(OBJECTS))
    assert answer is not None
    kinds = [type(value).__name__ for _, value in answer[2]]
    assert kinds == ["OctetString", "ObjectIdentifier", "TimeTicks", "Integer32"] or kinds[-1] == "Integer"
    assert int(answer[2][2][1]) == 4711


def test_a_missing_object_is_an_exception_in_2c_and_an_error_in_1() -> None:
    second = ask("GetRequest", [FIRST, (1, 3, 9)])
    assert second is not None
    assert second[0] == 0
    assert type(second[2][1][1]).__name__ == "NoSuchObject"
    first = ask("GetRequest", [FIRST, (1, 3, 9)], version=0)
    assert first is not None
    assert first[:2] == (2, 2)


@pytest.mark.parametrize("version", [0, 1])
def test_a_walk_comes_past_everything_and_ends(version: int) -> None:
    seen: list[tuple[int, ...]] = []
    at: tuple[int, ...] = (1, 3)
    while True:
        answer = ask("GetNextRequest", [at], version)
        assert answer is not None
        at, value = answer[2][0]
        if answer[0] or type(value).__name__ == "EndOfMibView":
            break
        seen.append(at)
    assert seen == sorted(OBJECTS)


def test_a_bulk_repeats_only_what_it_is_told_to() -> None:
    answer = ask("GetBulkRequest", [(1, 3), (1, 3, 6, 1, 4)], non_repeaters=1, repetitions=3)
    assert answer is not None
    assert [oid for oid, _ in answer[2]] == [FIRST, LAST, LAST, LAST]


def test_nothing_can_be_written() -> None:
    assert (ask("SetRequest", [FIRST]) or (0,))[0] == 17
    assert (ask("SetRequest", [FIRST], version=0) or (0,))[0] == 2


def test_a_wrong_community_hears_nothing() -> None:
    assert ask("GetRequest", [FIRST], community="secret") is None


def test_one_that_refuses_says_so_in_the_protocols_words() -> None:
    module: Any = api.PROTOCOL_MODULES[1]
    pdu = module.GetRequestPDU()
    module.apiPDU.set_defaults(pdu)
    module.apiPDU.set_varbinds(pdu, [(FIRST, module.Null(""))])
    message = module.Message()
    module.apiMessage.set_defaults(message)
    module.apiMessage.set_community(message, "public")
    module.apiMessage.set_pdu(message, pdu)
    answer = heard(module, pdu, Agent("public", lambda: OBJECTS, lambda: True).replies(encoder.encode(message)))
    assert answer is not None
    assert answer[:2] == (5, 1)


@given(st.binary(max_size=80))
def test_noise_gets_no_answer(noise: bytes) -> None:
    assert Agent("public", lambda: OBJECTS, lambda: False).replies(noise) == []
