"""Definitions are checked when the hub starts: each mistake names the file, the place in it, and the way out."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from firmware_profiles.toml_mistakes import TomlMistake
from hub.core.money import MOST_SATANG, SATANG_A_BAHT
from hub.workflows.loading import SHIPPED, hooks_of, load_definitions, load_one
from hub.workflows.names import HOOKS
from hub.workflows.schema import Shelf

Text = Callable[..., str]


@pytest.fixture
def loaded(tmp_path: Path, definition_text: Text) -> Callable[[Mapping[str, str]], str]:
    """What is said of a definition with these changes."""

    def mistake(changes: Mapping[str, str]) -> str:
        path = tmp_path / "small.toml"
        path.write_text(definition_text(changes), "utf-8")
        with pytest.raises(TomlMistake) as raised:
            load_one(path)
        return str(raised.value)

    return mistake


def test_the_small_one_is_sound(tmp_path: Path, definition_text: Text) -> None:
    path = tmp_path / "small.toml"
    path.write_text(definition_text(), "utf-8")
    assert load_one(path).begin == "open"


STATE = '[states.done]\nkind = "end"'
FINISH = '[transitions.finish]\nfrom = ["open"]\nto = "done"'
GUARDED = 'may = ["amount"]\nguards = [{ check = %s }]'


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({'th = "เสร็จ"\n': ""}, "states.done.th: this key is missing; add th = …"),
        ({'en = "Done"\n': ""}, "states.done.en: this key is missing"),
        ({'th = "เสร็จ"': 'th = "Done"'}, "states.done.th: is not Thai"),
        ({'en = "Done"': 'en = "เสร็จ"'}, "states.done.en: is not English"),
        ({'id = "small"': 'id = "large"'}, "id: is not the name of the file"),
        ({'to = "done"': 'to = "dome"'}, 'transitions.finish.to: there is no state "dome"; did you mean "done"?'),
        ({'from = ["open"]': 'from = ["opem"]'}, 'transitions.finish.from: there is no state "opem"'),
        ({'from = ["open"]': 'from = ["open", "done"]'}, 'transitions.finish.from: "done" is an end'),
        ({'from = ["open"]': "from = []"}, "transitions.finish.from: names no state"),
        ({STATE: '[states.lost]\nth = "หาย"\nen = "Lost"\n' + STATE}, "states.lost: no transition leads here"),
        (
            {
                STATE: '[states.trap]\nth = "ติด"\nen = "Trap"\n' + STATE,
                FINISH: '[transitions.fall]\nfrom = ["open"]\nto = "trap"\nth = "ตก"\nen = "Fall"\n'
                'roles = ["technician"]\n' + FINISH,
            },
            "states.trap: no end can be reached from here",
        ),
        ({'kind = "begin"': 'kind = "normal"'}, "states: has 0 states that begin"),
        ({'kind = "end"': 'kind = "begin"'}, "states: has no end"),
        (
            {'roles = ["technician"]': 'roles = ["technican"]'},
            'there is no role "technican"; did you mean "technician"?',
        ),
        ({'roles = ["technician"]': "roles = []"}, "transitions.finish.roles: nobody may do this"),
        ({'may = ["amount"]': 'may = ["amuont"]'}, 'transitions.finish.may: there is no field "amuont"; did you mean'),
        ({'may = ["amount"]': ""}, "fields.amount: is never asked"),
        ({'may = ["amount"]': 'asks = ["amount"]\nmay = ["amount"]'}, '"amount" must be filled already'),
        ({'subject = "wish"': 'subject = "amount"'}, 'subject: "amount" is a number; name a field of kind text'),
        ({'kind = "number"': 'kind = "choice"'}, "fields.amount: choices belong to a choice"),
        ({'may = ["amount"]': GUARDED % '"at_moost"'}, 'there is no guard "at_moost"; did you mean "at_most"?'),
        ({'may = ["amount"]': GUARDED % '"at_most", field = "amount"'}, '"at_most" needs most; add most = …'),
        (
            {'may = ["amount"]': GUARDED % '"at_most", field = "wish", most = 1'},
            '"wish" is a text; name a field of kind',
        ),
        ({'may = ["amount"]': 'may = ["amount"]\ndocuments = ["F99"]'}, 'documents: there is no form "F99"'),
        (
            {'may = ["amount"]': 'may = ["amount"]\nhooks = ["ask_ratin"]'},
            'no hook "ask_ratin"; did you mean "ask_rating"?',
        ),
        ({"hours = 4, ": ""}, "states.open.limit: needs either hours or until"),
        ({"hours = 4,": 'until = "wish",'}, '"wish" is a text; name a field of kind moment'),
        ({', tells = ["group_head"]': ""}, "states.open.limit: tells nobody when the time is over"),
        ({'tells = ["group_head"]': 'tells = ["boss"]'}, 'states.open.limit.tells: there is no role "boss"'),
        ({'prefix = "SM"': 'prefix = "sm"'}, "prefix: "),
        ({'prefix = "SM"': 'prefix = "SM"\ncolour = 1'}, "colour: unknown key"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_the_way_out(
    loaded: Callable[[Mapping[str, str]], str], changes: Mapping[str, str], told: str
) -> None:
    said = loaded(changes)
    assert told in said
    assert all("small.toml" in line and "; " in line for line in said.splitlines())


def test_the_line_of_the_file_is_told(loaded: Callable[[Mapping[str, str]], str], definition_text: Text) -> None:
    number = definition_text().splitlines().index("[states.done]") + 3
    assert f"small.toml:{number}" in loaded({'kind = "end"': 'kind = "end"\nlimit = { hours = 1, tells = ["clerk"] }'})


def test_two_types_with_the_same_letters_are_told(tmp_path: Path, definition_text: Text) -> None:
    (tmp_path / "small.toml").write_text(definition_text(), "utf-8")
    (tmp_path / "tiny.toml").write_text(definition_text({'id = "small"': 'id = "tiny"'}), "utf-8")
    with pytest.raises(TomlMistake, match=r"tiny\.toml:\d+: prefix: is that of small too"):
        load_definitions(tmp_path)


OPENS = 'may = ["amount"]\nopens = { type = "%s", carries = { %s } }'


@pytest.mark.parametrize(
    ("target", "carries", "told"),
    [
        ("smal", 'wish = "wish"', 'there is no type "smal"; did you mean "small"?'),
        ("small", 'wsh = "wish"', 'there is no field at the opening of small "wsh"; did you mean "wish"?'),
        ("small", "", "small asks for wish when it is opened; fill them by `carries`"),
    ],
)
def test_a_type_that_opens_another_fills_what_that_asks(
    tmp_path: Path, definition_text: Text, target: str, carries: str, told: str
) -> None:
    text = definition_text({'may = ["amount"]': OPENS % (target, carries)})
    (tmp_path / "small.toml").write_text(text, "utf-8")
    with pytest.raises(TomlMistake) as raised:
        load_definitions(tmp_path)
    assert told in str(raised.value)


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path: Path, definition_text: Text) -> None:
    (tmp_path / "small.toml").write_text(definition_text({'to = "done"': 'to = "dome"'}), "utf-8")
    (tmp_path / "tiny.toml").write_text("id = 1", "utf-8")
    with pytest.raises(TomlMistake) as raised:
        load_definitions(tmp_path)
    assert {Path(line.split(":")[0]).name for line in str(raised.value).splitlines()} == {"small.toml", "tiny.toml"}


def test_an_office_sets_its_own_limits() -> None:
    found = load_definitions(limits={"phone_consult.received": 1, "room_booking": 30})
    received, whole = found["phone_consult"].states["received"].limit, found["room_booking"].limit
    assert received is not None
    assert whole is not None
    assert (received.hours, received.tells) == (1, ("group_head",))
    assert (whole.hours, whole.tells) == (30, ("group_head",))


@pytest.mark.parametrize("key", ["phone_consult.recieved", "phone"])
def test_a_limit_of_nothing_is_refused(key: str) -> None:
    with pytest.raises(TomlMistake, match=r"there is no such workflow or state"):
        load_definitions(limits={key: 1})


@pytest.mark.parametrize("kind", ["allocation", "training", "working_group", "purchase_request"])
def test_no_budget_is_larger_than_any_district_has(kind: str) -> None:
    assert load_definitions()[kind].fields["budget"].most == MOST_SATANG // SATANG_A_BAHT


def test_every_shipped_type_is_walked_by_a_test() -> None:
    walked = {path.stem.removeprefix("test_") for path in (Path(__file__).parent / "walks").glob("test_*.py")}
    assert walked == {path.stem for path in SHIPPED.glob("*.toml")}


def test_every_hook_that_there_is_a_name_for_belongs_to_a_workflow() -> None:
    """That those of the offered ones are attached is asked where the office is put together."""
    assert hooks_of(load_definitions().values()) == HOOKS


def test_everything_that_is_offered_stands_where_people_look_for_it() -> None:
    assert [each.id for each in load_definitions().values() if each.offered and each.shelf is Shelf.OTHER] == []
