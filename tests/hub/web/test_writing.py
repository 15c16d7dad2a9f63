"""Templates show what they would show as Jinja compiles them."""

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError
from markupsafe import Markup

from hub.web.writing import MODULES, Modules, Templates

MACROS = "{% macro m(a, b=2) %}<i>{{ a }}{{ b }}{{ kwargs }}{{ varargs }}</i>{% endmacro %}"
PLAIN = "{% macro p(a, b='<', c=3) %}<i>{{ a }}{{ b }}{{ c }}</i>{% endmacro %}"
CALLED = "{% macro c(x) %}{{ caller(x) }}{% endmacro %}"
ICON = "{% macro icon(name, large=false) %}<b{{ ' big' if large }}>{{ name }}</b>{% endmacro %}"
IMPORTED = {
    "layout": "{% from 'parts' import said with context %}[{{ said('<') }}{% block x %}{% endblock %}]",
    "parts": "{% macro said(what) %}{{ what }}{{ name }}{% endmacro %}",
    "page": "{% extends 'layout' %}{% from 'parts' import said with context %}{% block x %}{{ said(1) }}{% endblock %}",
}


class Shows:
    """With an idea of its own of how it is written."""

    def __html__(self) -> str:
        return "<hr>"


class Wrapped:
    def __call__(self, value: object) -> str:
        return f"<{value}>"


def environment(kind: Callable[..., Environment], **options: Any) -> Environment:
    made = kind(autoescape=True, undefined=StrictUndefined, **options)
    made.globals.update(f=lambda a, b=1: f"<{a}{b}>", thing=Wrapped())
    return made


def rendered(text: str, kind: Callable[..., Environment]) -> str:
    given = {"xs": [1, 2], "name": "given&", "shows": Shows(), "safe": Markup("<u>"), "none": None, "at": {"key": "<"}}
    return environment(kind).from_string(text).render(given)


@pytest.mark.parametrize(
    "text",
    [
        MACROS + "{{ m(1) }}{{ m(1, b='<') }}{{ m(1, 2, 3, c=4) }}",
        PLAIN + "{{ p(1) }}{{ p('<', 2) }}{{ p(1, c='&') }}{{ p(a=safe) }}{{ p(1, 2, 3) }}{{ p(1) ~ '<' }}",
        MACROS + "{% block x %}{% for x in xs %}{{ m(x) }}{{ f(x, b=x) }}{{ loop.index }}{% endfor %}{% endblock %}",
        CALLED + "{% call(y) c(3) %}<b>{{ y }}</b>{% endcall %}",
        ICON
        + "{{ icon('a') }}{{ icon('<') }}{{ icon('a', large=true) }}{{ icon('a', true) }}{{ icon(safe) }}{{ icon('<u>') }}",
        "{{ f(1) }}{{ f(*xs) }}{{ f(**{'a': 1}) }}{{ thing(2) }}{{ dict(a=1, class=2) }}{{ range(2) | list }}{{ name.upper() }}",
        "{% set n = namespace(a=1) %}{{ n.a }}{% for x in xs %}{{ loop.cycle('a', 'b') }}{% endfor %}",
        "{{ name }}{{ safe }}{{ shows }}{{ none }}{{ 1.5 }}{{ true }}{{ at.key }}{{ '<' if none }}{{ '<' if name }}{{ xs }}",
        "{% set some = 'a' if none %}{{ some is defined }}{{ some or 'else' }}[{{ some }}]{{ ('<' if none) ~ 'b' }}",
        "{% set kept %}{{ name }}<{% endset %}{{ kept }}{{ '<b>' | upper }}{% filter upper %}{{ name }}{% endfilter %}",
        "{% for x in xs recursive %}{{ x }}{{ loop([]) }}{% endfor %}{{ '%s' | format('<') }}{{ '<' | safe }}",
    ],
)
def test_a_template_shows_what_it_shows_in_jinja(text: str) -> None:
    assert rendered(text, Templates) == rendered(text, Environment)


@pytest.mark.parametrize("text", ["{{ nothing() }}", "{{ nothing }}", "{{ at.nothing }}", PLAIN + "{{ p() }}"])
def test_what_is_not_there_is_neither_called_nor_shown(text: str) -> None:
    with pytest.raises(UndefinedError):
        rendered(text, Templates)


@pytest.mark.parametrize("call", ["p(1, 2, 3, 4)", "p(1, d=2)", "p(1, a=2)"])
def test_a_macro_refuses_what_it_does_not_take(call: str) -> None:
    with pytest.raises(TypeError, match="macro 'p' takes no"):
        rendered(PLAIN + "{{ " + call + " }}", Templates)


def test_what_two_templates_of_a_page_import_is_made_once_and_not_kept_for_the_next() -> None:
    ours, loader = environment(Templates, loader=DictLoader(IMPORTED)), DictLoader(IMPORTED)
    page = ours.get_template("page")
    with Modules() as made:
        assert page.render(name="a", **{MODULES: made}) == "[&lt;a1a]"
        assert list(made) == ["parts"]
    with Modules() as made:
        assert page.render(name="b", **{MODULES: made}) == "[&lt;b1b]"
    assert page.render(name="c") == environment(Environment, loader=loader).get_template("page").render(name="c")


def test_what_a_page_shows_is_let_go_of_as_soon_as_it_is_made() -> None:
    page, shown = environment(Templates, loader=DictLoader(IMPORTED)).get_template("page"), Shows()
    seen = weakref.ref(shown)
    gc.disable()
    try:
        with Modules() as modules:
            assert page.render(name=shown, **{MODULES: modules}) == "[&lt;<hr>1<hr>]"
        del shown
        assert seen() is None
    finally:
        gc.enable()


def test_what_is_shown_of_one_kind_is_not_taken_for_another() -> None:
    assert rendered(ICON + "{{ icon('<u>') }}{{ icon(safe) }}", Templates) == "<b>&lt;u&gt;</b><b><u></b>"
