from provisioning.core.problems import ErrorCode
from provisioning.core.refusals import WORDS, explain


def test_each_code_has_one_line() -> None:
    assert set(WORDS) == set(ErrorCode)
    assert not any("\n" in words for words in WORDS.values())


def test_a_used_code_names_the_way_out() -> None:
    assert "ask the district office for a new slip" in explain(ErrorCode.CODE_USED, "")
