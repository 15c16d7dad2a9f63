"""Templates call what they call as Jinja would."""

from typing import Any

import pytest
from jinja2 import Environment, UndefinedError, pass_context
from jinja2.runtime import Context

from hub.web.calling import Calling

MACROS = "{% macro m(a, b=2) %}<i>{{ a }}{{ b }}{{ kwargs }}{{ varargs }}</i>{% endmacro %}"
CALLED = "{% macro c(x) %}{{ caller(x) }}{% endmacro %}"


def rendered(text: str, *, ours: bool) -> str:
    environment = Environment(autoescape=True)
    if ours:
        environment.context_class = Calling

    @pass_context
    def asks(context: Context, name: str) -> Any:
        return context.resolve(name)

    class Callable:
        def __call__(self, value: object) -> str:
            return f"<{value}>"

    environment.globals.update(f=lambda a, b=1: f"<{a}{b}>", asks=asks, thing=Callable())
    return environment.from_string(text).render(xs=[1, 2], name="given")


@pytest.mark.parametrize(
    "text",
    [
        MACROS + "{{ m(1) }}{{ m(1, b='<') }}{{ m(1, 2, 3, c=4) }}",
        MACROS
        + "{% block x %}{% for x in xs %}{{ m(x) }}{{ f(x, b=x) }}{{ asks('x') }}{{ loop.index }}{% endfor %}{% endblock %}",
        CALLED + "{% call(y) c(3) %}<b>{{ y }}</b>{% endcall %}",
        "{{ f(1) }}{{ thing(2) }}{{ dict(a=1) }}{{ range(2) | list }}{{ name.upper() }}{{ asks('name') }}",
        "{% set n = namespace(a=1) %}{{ n.a }}{% for x in xs %}{{ loop.cycle('a', 'b') }}{% endfor %}",
    ],
)
def test_what_is_called_says_what_it_says_to_jinja(text: str) -> None:
    assert rendered(text, ours=True) == rendered(text, ours=False)


def test_what_is_not_there_cannot_be_called() -> None:
    with pytest.raises(UndefinedError):
        rendered("{{ nothing() }}", ours=True)
