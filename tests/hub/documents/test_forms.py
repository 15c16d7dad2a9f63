"""Every form, from its sample and empty, read back by programs that are not ours: poppler's pdftotext."""

import re
import subprocess
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.documents.catalogue import Form, load_forms
from hub.documents.declaration import Kind
from hub.documents.filling import Heading, WrongValues, filled, heading_of, missing
from hub.documents.printing import Digits, paper_data, print_form
from hub.documents.register import load_register
from hub.documents.tabulating import table_of

IDS = list(load_forms())
WITH_WORKBOOK = [form_id for form_id, form in load_forms().items() if form.declaration.workbook]
PRINTED = {
    *("F01", "F03", "F04", "F05", "F07", "F08", "F10", "F11", "F13", "F14", "F16", "F17", "F18", "F19", "F28", "F35"),
    *("M01", "M02", "T01", "T02"),
}
"""What the domain file marks for PDF, the reports, memorandum and letter, the sheet of a trip, and the work calendar."""
# Poppler tells some consonants with their marks twice; they are drawn once.
_TWICE = re.compile("([ก-ฮ][\u0e31-\u0e3a\u0e47-\u0e4e]{1,2})\\1")
_WORDS = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">')
_PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">')


def poppler(pdf: bytes, *options: str) -> str:
    done = subprocess.run(["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True, timeout=60)
    return done.stdout.decode()


def bare(text: str) -> str:
    """Without spaces, line ends and the signs that have no width: words may stand on two lines."""
    return _TWICE.sub(r"\1", re.sub(r"[\s\u200b\u2060]", "", unicodedata.normalize("NFKC", text)))


def printed(form: Form, digits: Digits | None = None) -> bytes:
    sample = form.sample
    return print_form(form, sample["values"], heading_of(sample["heading"]), digits)


def texts(form: Form, values: dict[str, Any]) -> Iterator[str]:
    """What of the values stands on the paper letter by letter."""
    for key, value in values.items():
        field = form.declaration.fields[key]
        if field.type in (Kind.TEXT, Kind.LINES, Kind.CODE):
            yield value
        elif field.type is Kind.SIGN:
            yield from (value[part] for part in ("name", "position") if part in value)
        elif field.type is Kind.DECISION:
            yield value.get("note", "")
        elif field.type is Kind.CHOICE:
            yield f"☑ {field.choices[value]}" if form.declaration.id != "M01" else field.choices[value]
        elif field.type is Kind.CHOICES:
            yield from (f"☑ {field.choices[each]}" for each in value)
        elif field.type is Kind.TABLE:
            cells = ((field.columns[name], cell) for row in value for name, cell in row.items())
            yield from (cell for column, cell in cells if column.type in (Kind.TEXT, Kind.LINES, Kind.CODE))


def outside(pdf: bytes) -> list[str]:
    """Words that reach beyond the paper, or so near to its edge that a printer cuts them."""
    found = []
    for page in poppler(pdf, "-bbox").split("</page>")[:-1]:
        size = _PAGE.search(page)
        assert size
        width, height = map(float, size.groups())
        for word in _WORDS.finditer(page):
            left, top, right, bottom = map(float, word.groups())
            if left < 14 or top < 4 or right > width - 14 or bottom > height - 4:
                found.append(page[word.start() : word.end() + 40])
    return found


def test_the_forms_are_those_of_the_domain_and_the_others_say_why_they_are_none() -> None:
    register = load_register()
    assert set(IDS) == PRINTED
    assert PRINTED.isdisjoint(register)
    assert (PRINTED | register.keys()) - {"M01", "M02", "T01", "T02"} == {f"F{number:02}" for number in range(1, 36)}
    assert all(each.reason and each.thai and each.english for each in register.values())


@pytest.mark.parametrize("form_id", IDS)
def test_a_folder_is_named_for_its_form(form_id: str) -> None:
    assert load_forms()[form_id].declaration.id == form_id


@pytest.mark.parametrize("digits", ["arabic", "thai"])
@pytest.mark.parametrize("form_id", IDS)
def test_every_word_of_the_sample_stands_on_the_paper(form_id: str, digits: Digits) -> None:
    form = load_forms()[form_id]
    pdf = printed(form, digits)
    # Thai figures have the value of Arabic ones.
    text = "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in bare(poppler(pdf, "-raw")))
    lacking = [word for said in texts(form, form.sample["values"]) for word in said.split() if bare(word) not in text]
    assert lacking == []
    assert outside(pdf) == []


@pytest.mark.parametrize("form_id", IDS)
def test_the_sample_leaves_nothing_out_that_the_office_needs(form_id: str) -> None:
    form = load_forms()[form_id]
    assert missing(form.declaration, filled(form.declaration, form.sample["values"])) == []


@pytest.mark.parametrize("form_id", IDS)
def test_the_sample_says_something_in_every_field(form_id: str) -> None:
    form = load_forms()[form_id]
    assert form.declaration.fields.keys() - form.sample["values"].keys() <= {"reference"}


@pytest.mark.parametrize("form_id", IDS)
def test_the_empty_form_shows_every_label(form_id: str) -> None:
    form = load_forms()[form_id]
    pdf = print_form(form, {}, Heading())
    text = bare(poppler(pdf, "-raw"))
    hidden = {"cause", "purpose", "conclusion", "reference", "enclosures", "evidence"} if form_id[0] == "M" else set()
    shown = [each.label for key, each in form.declaration.fields.items() if key not in hidden]
    titles = [column.label for each in form.declaration.fields.values() for column in each.columns.values()]
    tables = {each.label for each in form.declaration.fields.values() if each.type is Kind.TABLE}
    thai = form.declaration.digits == "thai"
    assert [label for label in shown + titles if label not in tables and bare(label) not in text and not thai] == []
    assert outside(pdf) == []
    assert "☑" not in text


@pytest.mark.parametrize("form_id", IDS)
def test_no_page_begins_with_a_signature(form_id: str) -> None:
    form = load_forms()[form_id]
    for pdf in (printed(form), print_form(form, {}, Heading())):
        for page in poppler(pdf, "-layout").split("\f")[1:-1]:
            # The first line says again whose page it is.
            lines = [line.strip() for line in page.splitlines() if line.strip()][1:]
            assert not lines[0].startswith("ลงชื่อ")


# Names as people write them, with what typst would read as markup; words longer than any cell.
_PIECES = st.sampled_from(
    [
        "โรงเรียนบ้านหนองน้ำใส",
        "วิทยาคาร",
        "ราษฎร์อุทิศ",
        " ",
        "#",
        "*",
        "_",
        "$x$",
        "`",
        "\\",
        "<a>",
        "@b",
        "//",
        "[",
        "]",
        '"',
        "é",
        "ๆ",
        "X" * 70,
    ]
)
_LONG = st.lists(_PIECES, min_size=1, max_size=40).map("".join).map(lambda text: text.strip()[:480] or "-")


@pytest.mark.parametrize("form_id", IDS)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=_LONG)
def test_whatever_people_type_stays_on_the_paper(form_id: str, text: str) -> None:
    form = load_forms()[form_id]
    pdf = print_form(form, stuffed(form, text), Heading(office=text, group=text))
    assert outside(pdf) == []


def stuffed(form: Form, text: str) -> dict[str, Any]:
    """The same text wherever text can stand."""
    values: dict[str, Any] = {}
    for key, field in form.declaration.fields.items():
        if field.type in (Kind.TEXT, Kind.LINES, Kind.CODE):
            values[key] = text
        elif field.type is Kind.SIGN:
            values[key] = {"name": text, "position": text}
        elif field.type is Kind.TABLE:
            columns = (
                key for key, column in field.columns.items() if column.type in (Kind.TEXT, Kind.LINES, Kind.CODE)
            )
            values[key] = [dict.fromkeys(columns, text)] * 2
    return values


@pytest.mark.parametrize("form_id", IDS)
def test_a_field_that_a_form_does_not_know_is_refused_by_name(form_id: str) -> None:
    with pytest.raises(WrongValues, match="no_such_field"):
        filled(load_forms()[form_id].declaration, {"no_such_field": "x"})


def test_a_value_of_the_wrong_kind_is_refused_by_name() -> None:
    form = load_forms()["F01"].declaration
    for key, value in (("reported_at", "yesterday"), ("channel", "smoke"), ("working_days", "many"), ("parts", "none")):
        with pytest.raises(WrongValues, match=key):
            filled(form, {key: value})


def test_rows_whose_parts_do_not_make_the_whole_are_refused_by_place() -> None:
    row = {"item": "จาน", "all": 6, "works": 5, "mendable": 0, "lost": 0}
    with pytest.raises(WrongValues, match=r"items\.0\.all: is 6, but works \+ mendable \+ lost is 5"):
        filled(load_forms()["F03"].declaration, {"items": [row]})


def test_figures_are_thai_where_the_setting_says_so_but_never_in_codes() -> None:
    text = poppler(printed(load_forms()["F01"], "thai"), "-raw")
    assert "๑๒๓/๒๕๗๐" in text
    assert "๒๐ พฤศจิกายน ๒๕๖๙" in text
    assert "5820-001-0042/62" in text
    assert "HD-2000 Plus" in text


def test_products_and_sums_are_calculated_and_money_is_written_in_words() -> None:
    text = bare(poppler(printed(load_forms()["F10"]), "-raw"))
    assert "12,020.50" in text
    assert "หนึ่งหมื่นสองพันยี่สิบบาทห้าสิบสตางค์" in text


@pytest.mark.parametrize("prices", [(None, None), ("350.00", None)])
def test_money_is_no_sum_as_long_as_a_price_is_unknown(prices: tuple[str | None, ...]) -> None:
    form = load_forms()["F35"]
    rows = [{"item": "กล่องรับสัญญาณ", "qty": 1, "unit_price": price} for price in prices]
    given = paper_data(form, {"items": rows}, Heading())
    assert given["sums"] == {"items": {}}
    text = poppler(print_form(form, {"items": rows}, Heading()), "-raw")
    assert "0.00" not in text.replace("350.00", "")


def test_money_of_which_every_amount_is_known_has_its_sum() -> None:
    rows = [{"qty": 2, "unit_price": "350.00"}, {"qty": 1, "unit_price": "0.50"}]
    assert paper_data(load_forms()["F35"], {"items": rows}, Heading())["sums"] == {"items": {"total": "700.50"}}


@pytest.mark.parametrize("form_id", WITH_WORKBOOK)
def test_the_table_that_an_office_goes_on_with_has_the_words_of_the_paper(form_id: str) -> None:
    form = load_forms()[form_id]
    name = form.declaration.workbook or ""
    table = table_of(form, form.sample["values"])
    assert table
    assert len(table.rows) == len(form.sample["values"][name])
    assert len(table.heading) == len(form.declaration.fields[name].columns)
    assert all(len(row) == len(table.heading) for row in table.rows)


def test_two_papers_that_differ_in_a_letter_differ_in_their_fingerprint() -> None:
    form = load_forms()["F11"]
    heading = heading_of(form.sample["heading"])
    one = poppler(print_form(form, {**form.sample["values"], "purpose": "a"}, heading))
    other = poppler(print_form(form, {**form.sample["values"], "purpose": "b"}, heading))
    found = re.compile(r"[0-9a-f]{16}")
    assert found.findall(one)
    assert found.findall(one) != found.findall(other)


@pytest.mark.parametrize("told", ["โทร. ผอ.กลุ่ม พ.ศ. (ครู) เสร็จ, ", "โรงเรียน สื่อสาร สารสนเทศ พฤศจิกายน "])
def test_no_line_begins_in_the_middle_of_a_word(told: str) -> None:
    sample = load_forms()["M01"].sample
    # Whatever is left of the line: each paragraph begins a little further on.
    purpose = "\n".join("ก" * at + " " + told * 12 for at in range(14))
    values = sample["values"] | {"purpose": purpose}
    lines = poppler(print_form(load_forms()["M01"], values, heading_of(sample["heading"])), "-layout").splitlines()
    assert any(told.split(maxsplit=1)[0] in line for line in lines)
    assert [line for line in lines if re.match(r"\s*([.,)]|เรียน ส|สนเทศ|สาร |น )", line)] == []


@pytest.mark.parametrize(("works", "rest"), [([], "ไม่มี"), (None, "1 2 3 4 5 6 รวม")])
def test_what_is_known_to_be_none_leaves_no_rows_for_the_pen(works: list[Any] | None, rest: str) -> None:
    form = load_forms()["F17"]
    values = {name: each for name, each in form.sample["values"].items() if name != "services"}
    given_here = values if works is None else values | {"services": works}
    text = poppler(print_form(form, given_here, heading_of(form.sample["heading"])), "-layout")
    after = " ".join(text.split("งานบริการ")[1].split("รายเดือน", maxsplit=1)[0].split())
    assert bare(after).endswith(bare(rest)), after


def test_who_sign_in_one_row_sign_on_one_line() -> None:
    page = poppler(print_form(load_forms()["F35"], {}, Heading()), "-bbox")
    tops = {round(float(top)) for _, top, _ in re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>([^<]*ตำแหน่ง)', page)}
    assert len(tops) == 1


@pytest.mark.parametrize(("known", "drawn"), [({"small": 80.0}, True), ({}, False)])
def test_a_cover_has_a_chart_only_of_what_is_known(known: dict[str, float], drawn: bool) -> None:
    values = {"year": "2570", "quarters": [{"quarter": "ไตรมาส 1", **known}]}
    cover = poppler(print_form(load_forms()["F28"], values, Heading(office="สพป.ตัวอย่าง")), "-l", "1")
    assert ("ไตรมาส" in cover) is drawn


def test_a_card_leads_to_its_record() -> None:
    card = load_forms()["F16"]
    with_link = heading_of(card.sample["heading"])
    alone = Heading(office=with_link.office)
    assert [_pictures(print_form(card, {}, each)) for each in (with_link, alone)] == [2, 0]


def _pictures(pdf: bytes) -> int:
    """QR codes: each is drawn as one path of many small squares."""
    done = subprocess.run(["pdftocairo", "-svg", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60)
    return sum(each.count(b"M ") > 100 for each in re.findall(rb'd="([^"]*)"', done.stdout))
