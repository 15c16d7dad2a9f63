"""Both tables, walked as a whole."""

from itertools import product

import pytest

from hub.core.equipment import NodeKey
from hub.enrolment.codes import Code, Standing
from hub.enrolment.rulings import ADMISSION, MESSAGES, RENEWAL, Grant, Holder, admit, renew
from provisioning.core.contract import ErrorCode

NOW = 1_800_000_000_000
MADE = Code(1, NodeKey("cpm3", "36100042"), expires_at=NOW + 1000)


def test_a_code_that_nobody_has_used_is_for_no_key_yet() -> None:
    impossible = {(standing, True) for standing in Standing if standing is not Standing.USED}
    assert set(ADMISSION) == set(product(Standing, (False, True))) - impossible


def test_a_renewal_is_ruled_for_each_holder() -> None:
    assert set(RENEWAL) == set(product(Holder, (False, True)))


@pytest.mark.parametrize(
    ("code", "ruling"),
    [
        (None, ErrorCode.CODE_UNKNOWN),
        (MADE, Grant.ISSUE),
        (Code(1, MADE.node, NOW), ErrorCode.CODE_EXPIRED),
        (Code(1, MADE.node, NOW + 1, revoked_at=NOW), ErrorCode.CODE_REVOKED),
        (Code(1, MADE.node, NOW - 1, revoked_at=NOW), ErrorCode.CODE_REVOKED),
        (Code(1, MADE.node, NOW - 1, used_at=NOW - 5, key="mine"), Grant.REPEAT),
        (Code(1, MADE.node, NOW + 1, used_at=NOW - 5, key="other"), ErrorCode.CODE_USED),
    ],
)
def test_codes(code: Code | None, ruling: object) -> None:
    assert admit(code, "mine", NOW) is ruling


def test_nothing_is_granted_to_the_revoked_nor_to_a_copy() -> None:
    for has_it in (False, True):
        assert renew(Holder.REVOKED, has_it=has_it) is ErrorCode.NODE_REVOKED
    assert renew(Holder.OLDER, has_it=False) is ErrorCode.KEY_SUPERSEDED


def test_each_refusal_has_its_words() -> None:
    refusals = {each for each in (*ADMISSION.values(), *RENEWAL.values()) if isinstance(each, ErrorCode)}
    assert refusals | {ErrorCode.CODE_UNKNOWN} == set(MESSAGES)
