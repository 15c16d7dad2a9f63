import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.core import contract
from provisioning.core.contract import (
    Assigned,
    ContractError,
    Enrolled,
    EnrolRequest,
    ErrorCode,
    Hardware,
    Kind,
    Letter,
    Outcome,
    Renewal,
    Result,
    Trust,
)

PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
CODE = contract.make_code(range(15))
ENROLLED = Enrolled(
    group="cpm3",
    node="36100042-2",
    host_id="hub-cpm3",
    certificate=PEM,
    chain=(),
    trust=(PEM,),
    brokers=("mqtts://hub.example.org:8883",),
    hub="https://hub.example.org:8443",
    time=1_700_000_000_000,
)
REQUEST = EnrolRequest(CODE, PEM, Hardware("10000000abc", "Raspberry Pi 4", "Debian 13", "aarch64"))
SHAPES = [
    ENROLLED,
    replace(ENROLLED, config="[agent]\nnode = 1\n", chain=(PEM,)),
    REQUEST,
    Trust((PEM, PEM), 5),
    Letter(PEM, 5, '{"csr": "ü"}', "MEUC+/=="),
    Assigned(None, "7", None, (PEM,), ENROLLED.brokers, ENROLLED.hub),
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: type(shape).__name__)
def test_what_is_written_is_read_again(shape: Enrolled | EnrolRequest | Trust | Letter | Assigned) -> None:
    assert type(shape).decode(shape.encode()) == shape


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: type(shape).__name__)
def test_what_is_unknown_is_passed_over_and_what_is_missing_is_named(
    shape: Enrolled | EnrolRequest | Trust | Letter | Assigned,
) -> None:
    document = json.loads(shape.encode())
    assert type(shape).decode(json.dumps({**document, "newer": 1}).encode()) == shape
    for name in document:
        if document[name] is None or (name == "config"):
            continue
        with pytest.raises(ContractError, match=name):
            type(shape).decode(json.dumps({**document, name: None}).encode())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("group", "a/b"),
        ("node", "../x"),
        ("node", "x" * 65),
        ("brokers", []),
        ("brokers", ["mqtt://plain:1883"]),
        ("brokers", ["mqtts://user@host"]),
        ("hub", "http://hub"),
        ("hub", "https://hub/path"),
        ("time", -1),
        ("time", True),
        ("time", 1.5),
        ("trust", [1]),
        ("trust", []),
        ("certificate", "\x00"),
        ("certificate", "x" * 9000),
    ],
)
def test_a_field_of_another_form_is_named(field: str, value: object) -> None:
    with pytest.raises(ContractError, match=field):
        Enrolled.decode(json.dumps({**json.loads(ENROLLED.encode()), field: value}).encode())


@pytest.mark.parametrize("body", [Renewal(PEM), Outcome(Kind.UPDATE, "1.2.0", Result.ROLLED_BACK, "no birth")])
def test_the_body_of_a_letter_is_read_again(body: Renewal | Outcome) -> None:
    assert type(body).decode(body.encode()) == body


def test_an_outcome_of_another_kind_is_refused() -> None:
    with pytest.raises(ContractError):
        Outcome.decode('{"kind":"other","version":"1","result":"healthy","why":""}')


def test_a_letter_is_signed_with_its_place_and_time() -> None:
    letter = Letter(PEM, 17, "{}", "MEUC")
    assert letter.signed(contract.RENEW) == b"17\n/v1/renew\n{}"
    assert letter.signed(contract.NODE) != letter.signed(contract.RENEW)


def test_a_mistyped_code_is_told_as_such_and_not_quoted() -> None:
    document = {**json.loads(REQUEST.encode()), "code": CODE[:-1]}
    with pytest.raises(ContractError) as told:
        EnrolRequest.decode(json.dumps(document).encode())
    assert told.value.code is ErrorCode.CODE_MISTYPED
    assert CODE[:-1] not in str(told.value)


@pytest.mark.parametrize("code", list(ErrorCode))
def test_a_problem_is_read_again(code: ErrorCode) -> None:
    told = contract.read_problem(contract.write_problem(code, "because"))
    assert (told.code, str(told)) == (code, "because")


def test_a_problem_of_a_newer_hub_is_a_problem() -> None:
    assert contract.read_problem(b'{"error":{"code":"on-fire","message":""}}').code is ErrorCode.OTHER


def test_what_is_too_large_is_told_as_such() -> None:
    with pytest.raises(ContractError) as told:
        Trust.decode(b" " * (contract.MAX_BODY_BYTES + 1))
    assert told.value.code is ErrorCode.TOO_LARGE


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@pytest.mark.parametrize("shape", [Trust, EnrolRequest, Enrolled, Letter, Assigned])
@given(data=st.binary() | json_values.map(lambda value: json.dumps(value).encode()))
def test_garbage_is_refused_with_one_error(
    shape: type[Trust | EnrolRequest | Enrolled | Letter | Assigned], data: bytes
) -> None:
    with pytest.raises(ContractError):
        shape.decode(data)


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(ContractError):
        Letter.decode(b"[" * 60_000)


def test_a_fingerprint_may_be_written_in_groups() -> None:
    assert contract.read_pin("AB:" * 31 + "cd\n") == "ab" * 31 + "cd"
    for wrong in ("", "ab", "g" * 64, "a" * 65):
        with pytest.raises(ContractError):
            contract.read_pin(wrong)
