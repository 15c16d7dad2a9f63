"""Each document that a step of a workflow names is filled, or says where else it is found."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from hub.documents.filling import Heading
from hub.documents.printing import print_form
from hub.office.papering import BUILDERS
from hub.office.papering.facts import Facts
from hub.office.papering.fitting import fitted
from hub.office.papering.record import RATED, record_of
from hub.office.papering.recorded import values as recorded
from hub.office.papers import Letterhead, Papers
from hub.store.unit_of_work import Store
from hub.workflows.loading import load_definitions
from hub.workflows.request import Entry, Request, Told
from hub.workflows.schema import Definition, HeldModel, Kind
from hub.workflows.settings import OfficeSettings
from tests.hub.documents.test_forms import bare, poppler
from tests.hub.office.supplying import ZONE, supplied
from tests.hub.office.test_supply_papers import SIGNATURE

DEFINITIONS = load_definitions()
NOW = 1_795_157_100_000
"""20 Nov 2026, 13:45 in Thailand."""


def named(definition: Definition) -> tuple[str, ...]:
    asked = (definition.opening, *definition.transitions.values())
    return tuple(dict.fromkeys(form for each in asked for form in each.documents))


ALL = [(name, form) for name, definition in DEFINITIONS.items() for form in named(definition)]
ELSEWHERE = {("repair", "F02"), ("letter_in", "F33"), ("letter_out", "F34")}
RECORDED = [each for each in ALL if each not in BUILDERS and each not in ELSEWHERE]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with supplied(tmp_path) as office:
        yield office.store


def invented(held: HeldModel) -> Any:
    if held.kind is Kind.ROWS:
        return [{name: invented(column) for name, column in getattr(held, "columns", {}).items()}]
    known = {
        Kind.NUMBER: 12,
        Kind.DATE: "2026-11-23",
        Kind.MOMENT: NOW,
        Kind.CHOICE: next(iter(held.choices), ""),
        Kind.FILE: {"file": 1, "name": "แฟ้มสมมติ.pdf"},
        Kind.SIGNATURE: SIGNATURE,
        Kind.SCHOOL: "cpm3/30010012",
    }
    return known.get(held.kind, f"คำตอบของ{held.th}")


def facts_of(store: Store, definition: Definition) -> Facts:
    """A request in which every step was taken once and every field filled."""
    values = {name: invented(field) for name, field in definition.fields.items()}
    request = Request(definition.id, definition.begin, "1", "ครูสมมติ", NOW, NOW, values, number="XX-2570-0001")
    return Facts(
        store=store,
        request=request,
        entries=tuple(_entries(definition, values)),
        definition=definition,
        number="1/2570",
        office=OfficeSettings(),
        zone=ZONE,
        now=NOW,
        people={},
        schools={"cpm3/30010012": "โรงเรียนบ้านหนองน้ำใสวิทยาคาร"},
    )


def _entries(definition: Definition, values: Mapping[str, Any]) -> Iterator[Entry]:
    yield Entry(NOW, Told.OPENED, "1", "ครูสมมติ", documents=named(definition))
    for name, step in definition.transitions.items():
        given = {field: values[field] for field in step.fields}
        yield Entry(NOW, Told.MOVED, "2", "ช่างสมมติ", name, values=given, note=f"หมายเหตุ{step.th}")


@pytest.mark.parametrize("name", [name for name in DEFINITIONS if named(DEFINITIONS[name])])
def test_no_page_of_a_request_shows_a_bare_code(store: Store, name: str) -> None:
    facts = facts_of(store, DEFINITIONS[name])
    papers = Papers(store, Letterhead(OfficeSettings(), "", "https://hub.example", ZONE), DEFINITIONS)
    offers = papers.offered(facts.request, facts.entries)
    assert [each.form for each in offers] == list(named(DEFINITIONS[name]))
    assert all(each.words is not None for each in offers)
    assert {(name, each.form) for each in offers if not each.kinds} == {each for each in ELSEWHERE if each[0] == name}
    assert all(each.where is not None for each in offers if not each.kinds)


def test_each_builder_fills_what_a_step_names() -> None:
    assert BUILDERS.keys() <= set(ALL)


@pytest.mark.parametrize(("name", "form_id"), RECORDED)
def test_the_record_of_a_request_tells_what_was_asked_and_each_step(store: Store, name: str, form_id: str) -> None:
    definition = DEFINITIONS[name]
    facts = facts_of(store, definition)
    form = record_of(definition, form_id)
    pdf = print_form(form, fitted(form.declaration, recorded(facts)), Heading(number=1, fiscal_year=2570), "arabic")
    text = bare(poppler(pdf, "-raw"))
    assert lacking(text, [form.declaration.thai, "XX-2570-0001", "ครูสมมติ", "ช่างสมมติ"]) == []
    assert lacking(text, [definition.fields[field].th for field in definition.opening.fields]) == []
    assert (
        lacking(text, [words for step in definition.transitions.values() for words in (step.th, f"หมายเหตุ{step.th}")])
        == []
    )
    assert (bare("5 มากที่สุด") in text) is (form_id in RATED)


def lacking(text: str, wanted: Sequence[str]) -> list[str]:
    return [each for each in wanted if bare(each) not in text]
