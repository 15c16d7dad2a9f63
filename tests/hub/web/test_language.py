"""The two catalogues say the same, and all of it."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from jinja2 import Environment

from hub.core.people import Permission
from hub.core.views import Condition
from hub.detection.causes import ABSENCES, CAUSES, HYPOTHESES
from hub.detection.settings import DetectionSettings
from hub.detection.texts import all_codes
from hub.office.repair_steps import REFUSALS as REPAIR_REFUSALS
from hub.repairs.priority import Urgency
from hub.repairs.reporting import FLAWS as REPORT_FLAWS
from hub.repairs.reporting import TROUBLES
from hub.repairs.verifying import Verdict
from hub.rollouts.events import Reason, What
from hub.rollouts.refusals import Refusal
from hub.rollouts.rollout import Kind
from hub.rollouts.rollout import State as RolloutState
from hub.schools.records import DOUBTS, MISTAKES
from hub.sheets.errors import FLAWS
from hub.tickets.desk import MOVED, SNOOZED, WELL, WOKEN
from hub.tickets.grouping import CLOSED_WELL, CORRECTED
from hub.tickets.machine import State
from hub.tickets.merging import MERGED_INTO, TOOK_OVER
from hub.tickets.ticket import EntryKind
from hub.web.clauses import is_condition, parameter_of
from hub.web.figures import AGE_WORDS
from hub.web.language import LOCALES, Marking, load_languages, read_catalogue
from hub.web.tried_settings import tried_settings
from hub.workflows.guards import GUARDS
from hub.workflows.refusals import FLAWS as FIELD_FLAWS
from hub.workflows.refusals import Refusal as RequestRefusal
from hub.workflows.request import Told
from wire.metrics import DataType
from wire.vocabulary import BY_KIND, DEVICE_PROPERTIES, KINDS, NODE_PROPERTIES

CATALOGUES = {code: read_catalogue(LOCALES / code / "LC_MESSAGES") for code in ("th", "en")}
METRICS = {name: datatype for kind in BY_KIND.values() for name, datatype in kind.items()}
_PLACEHOLDER = re.compile(r"%\((\w+)\)s|%%|(%)")
_THAI = re.compile(r"[\u0e00-\u0e7f]")
_LATIN_WORD = re.compile(r"[a-z]{4,}")
STORED = all_codes(CAUSES, HYPOTHESES, ABSENCES)
NO_REPAIR = ("rain_fade", "sun_outage", "satellite_outage", "area_outage", "school_power_outage", "school_link_outage")
_TEMPLATES = Path(LOCALES).parent / "templates"


def codes() -> set[str]:
    """Every stored code that can come to a page."""
    booleans = [name for name, datatype in METRICS.items() if datatype is DataType.BOOLEAN]
    named = {f"metric.{name}" for name in METRICS} | {f"kind.{kind}" for kind in KINDS}
    named |= {f"value.{name}.{value}" for name in booleans for value in ("true", "false")}
    named |= {f"value.error.{level}" for level in (0, 1, 2)}
    named |= {f"property.{name.removeprefix('Properties/')}" for name in (*NODE_PROPERTIES, *DEVICE_PROPERTIES)}
    named |= {f"state.{state.value}" for state in State}
    named |= REPAIR_REFUSALS | {f"repair.public.{state.value}" for state in State}
    named |= {f"symptom.{each}" for each in TROUBLES} | {f"urgency.{each}" for each in Urgency}
    named |= {f"report.flaw.{each}" for each in (*REPORT_FLAWS, "too_often", "refused", "rating")}
    named |= {f"verdict.{each}" for each in Verdict}
    named |= {f"priority.{each}" for each in ("recovered", "lost", "pupils", "small_school", "reports", "days", "said")}
    named |= {f"suggest.{each}" for each in ("here", "near", "load")}
    named |= {f"entry.{kind.value}" for kind in EntryKind} | {"note.short_waits"}
    named |= {MOVED, WELL, SNOOZED, WOKEN, CORRECTED, CLOSED_WELL, MERGED_INTO, TOOK_OVER}
    named |= {f"no_ticket.{cause}" for cause in NO_REPAIR}
    named |= {f"import.{code}" for code in (*MISTAKES, *DOUBTS)} | {f"sheet.{code}" for code in FLAWS}
    named |= {f"rollout.kind.{each}" for each in Kind} | {f"rollout.reason.{each}" for each in Reason}
    named |= {f"rollout.state.{each}" for each in RolloutState} | {f"rollout.refusal.{each}" for each in Refusal}
    named |= {f"rollout.event.{each}" for each in What if each not in (What.WAVE, What.ASKED, What.HEALTHY)}
    named |= {f"rollout.deed.{each}" for each in ("pause", "resume", "abort")}
    named |= {f"refusal.{each.value}" for each in RequestRefusal} | {f"fault.{code}" for code in FIELD_FLAWS}
    named |= {f"guard.{check}" for check in GUARDS} | {f"request.{told.value}" for told in Told}
    named |= {f"permission.{each.value}" for each in Permission} | {f"grade.{each}" for each in "kmp"}
    named |= {f"condition.{condition.value}" for condition in Condition}
    named |= {f"cause.{each.code}" for each in (*CAUSES, *HYPOTHESES, *ABSENCES)} | {"cause.area_outage"}
    return named | set(STORED)


def signs() -> set[str]:
    evidence = (code.removeprefix("evidence.") for code in STORED if code.startswith("evidence."))
    return {f"sign.{code}" for code in evidence}


def words(catalogue: Catalog, msgid: str) -> str:
    message = catalogue.get(msgid)
    return str(message.string) if message else ""


def texts(message_string: object) -> list[str]:
    return [message_string] if isinstance(message_string, str) else list(message_string)  # type: ignore[call-overload]


def placeholders(text: str) -> set[str]:
    return {match[1] for match in _PLACEHOLDER.finditer(text) if match[1]}


@pytest.mark.parametrize("code", sorted(codes() | signs()))
def test_a_stored_code_has_words_in_both_languages(code: str) -> None:
    assert [language for language, catalogue in CATALOGUES.items() if not words(catalogue, code)] == []


@pytest.mark.parametrize(("code", "params"), sorted(STORED.items()))
def test_a_stored_text_asks_only_for_the_parameters_that_it_has(code: str, params: tuple[str, ...]) -> None:
    for catalogue in CATALOGUES.values():
        assert {parameter_of(name) for name in placeholders(words(catalogue, code))} <= set(params)


def test_the_reason_of_every_setting_is_told_in_thai_and_in_english_as_the_setting_has_it() -> None:
    reasons = {f"why.{each.path}": each.why for each in tried_settings(DetectionSettings())}
    assert {code: words(CATALOGUES["en"], code) for code in reasons} == reasons
    assert {code for code in reasons if not words(CATALOGUES["th"], code)} == set()


def test_both_catalogues_have_the_same_messages() -> None:
    have = {code: {str(message.id) for message in catalogue} for code, catalogue in CATALOGUES.items()}
    assert have["th"] ^ have["en"] == set()


def test_both_languages_use_the_same_placeholders() -> None:
    for message in filter(lambda message: message.id, CATALOGUES["th"]):
        other = CATALOGUES["en"].get(message.id[0] if isinstance(message.id, tuple) else message.id)
        assert other is not None
        asked = {name for text in texts(other.string) for name in placeholders(text) if not is_condition(name)}
        given = {name for text in texts(message.string) for name in placeholders(text) if not is_condition(name)}
        assert given == asked, message.id


@pytest.mark.parametrize("language", CATALOGUES)
def test_a_percent_sign_is_either_doubled_or_begins_a_placeholder(language: str) -> None:
    for message in CATALOGUES[language]:
        for text in texts(message.string) if message.id else ():
            assert not [match for match in _PLACEHOLDER.finditer(text) if match[2]], text


def test_thai_says_o_clock_once() -> None:
    """A moment brings the word along."""
    twice = re.compile(r"%\((?:clock|moment|\w+_at)\)s\s*น\.")
    assert [message.id for message in CATALOGUES["th"] if any(map(twice.search, texts(message.string)))] == []


def test_thai_messages_are_thai_and_english_ones_are_not() -> None:
    same_everywhere = {"language name", "DLTV Fleet", "format.clock"}
    for message in CATALOGUES["th"]:
        if message.id and str(message.id) not in same_everywhere:
            assert all(_THAI.search(text) for text in texts(message.string)), message.id
    for message in CATALOGUES["en"]:
        assert not any(_THAI.search(text) for text in texts(message.string)), message.id


def test_every_message_of_a_template_is_in_the_catalogues() -> None:
    options = {"**.html": {"extensions": "jinja2.ext.i18n", "silent": "false"}}
    found = extract_from_dir(
        _TEMPLATES,
        method_map=[("**.html", "jinja2.ext:babel_extract")],
        options_map=options,
        keywords={"_": None, "ngettext": (1, 2)},
    )
    asked = {message[0] if isinstance(message, tuple) else message for _, _, message, _, _ in found}
    asked |= set(AGE_WORDS.values())
    assert {text for text in asked if not words(CATALOGUES["th"], text)} == set()


def test_no_message_is_left_over_in_the_catalogues() -> None:
    sources = "".join(path.read_text("utf-8") for path in [*_TEMPLATES.rglob("*.html"), LOCALES.parent / "figures.py"])
    plain = [message.id for message in CATALOGUES["th"] if message.id and "." not in str(message.id).rstrip(".…")]
    plain = [text[0] if isinstance(text, tuple) else text for text in plain]
    assert [text for text in plain if text not in sources and text.replace("'", "\\'") not in sources] == []


@pytest.mark.parametrize("path", sorted(_TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_a_template_holds_no_words_of_its_own(path: Path) -> None:
    text = path.read_text("utf-8")
    for without in (r"\{#.*?#\}", r"\{%.*?%\}", r"\{\{.*?\}\}", r"<script.*?</script>"):
        text = re.sub(without, "", text, flags=re.S)
    outside_tags = re.sub(r"<[^>]*>", " ", text)
    assert _LATIN_WORD.findall(outside_tags) == []
    assert _THAI.findall(text) == []
    assert re.findall(r'(?:aria-label|title|placeholder|alt)="[^"]*[a-zA-Z]', text) == []


def test_a_code_that_nobody_knows_shows_as_itself() -> None:
    language = load_languages()["th"]
    assert language.lookup("cause.never_heard_of") is None
    assert language.gettext("cause.never_heard_of") == "cause.never_heard_of"


@pytest.mark.parametrize("code", ["th", "en"])
@pytest.mark.parametrize(
    "said",
    [
        '_("Show")',
        '_("words that no catalogue has")',
        '_("a share of 5%% of all")',
        '_("dish %(dish)s", dish="<b>1</b>")',
        '_("dish %(dish)s", dish=_("Show"))',
        'ngettext("%(num)s school", "%(num)s schools", 2)',
        'ngettext("%(num)s school", "%(num)s schools", 1, num="<i>")',
        'ngettext("open ticket", "open tickets", 1) ~ "<"',
    ],
)
def test_templates_say_what_jinjas_own_words_say(code: str, said: str) -> None:
    language = load_languages()[code]
    jinjas = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    jinjas.install_gettext_callables(language.gettext, language.ngettext, newstyle=True)  # type: ignore[attr-defined]
    ours, marking = Environment(autoescape=True), Marking(language)
    ours.globals.update(_=marking.gettext, ngettext=marking.ngettext)
    texts = [each.from_string("{{ " + said + " }}").render() for each in (jinjas, ours, ours)]
    assert texts[0] == texts[1] == texts[2]
