"""How templates are compiled: to less work than Jinja would make of them, which shows the same.

A page of a list shows thousands of values and calls hundreds of macros. So what is shown is not made markup that is taken apart
at once, an `if` without an `else` makes no object that explains itself, and macros and functions are called as Python calls them:
none of ours wants Jinja's context. What a template imports is made once for a page, however many of its templates import it.

Stands on what Jinja's own writer does: whoever renews Jinja or MarkupSafe looks at it, and its tests hold what it must do.
"""

from collections.abc import Callable, Iterator, MutableMapping
from keyword import iskeyword
from typing import Any

import markupsafe
from jinja2 import Environment, Undefined, nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from jinja2.utils import missing
from markupsafe import Markup, escape

MODULES = "modules"
"""In what a page shows: the `Modules` in which the templates that it imports are kept while it is made."""
_ALIKE = frozenset({"icon"})
"""Macros that say the same whenever they are given the same: each of their words is kept."""
_KNOWN = 1024
# Without the markup around it, which only tells apart what is never looked at again.
_escaped: Callable[[str], str] = vars(markupsafe)["_escape_inner"]
_NOTHING = Undefined("an if without an else")


def shown(value: Any) -> str:
    """As `escape` does, for what is put into a page at once."""
    kind = type(value)
    if kind is str:
        return _escaped(value)
    if kind is Markup:
        return str(value)
    if kind is int:
        return str(value)
    return "" if value is _NOTHING else escape(value)


class Modules(dict[str, TemplateModule]):
    """The templates that a page imports, by their names, and all in which names stand while it is made.

    Used as a context it lets go of them at its end. Macros know the names around them, and these the macros: with all that the
    page shows they would stay until Python's collector of garbage comes, in the middle of some later page.
    """

    def __init__(self) -> None:
        super().__init__()
        self.noted: list[Context] = []

    def __enter__(self) -> "Modules":
        return self

    def __exit__(self, *_: object) -> None:
        for each in self.noted:
            each.vars.clear()
        self.noted.clear()
        self.clear()


class NotedContext(Context):
    """Names of a template, noted with the page that it is made for."""

    def __init__(
        self,
        environment: Environment,
        parent: dict[str, Any],
        name: str | None,
        blocks: dict[str, Callable[[Context], Iterator[str]]],
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002  as Jinja calls it
    ) -> None:
        super().__init__(environment, parent, name, blocks, globals)
        if isinstance(modules := parent.get(MODULES), Modules):
            modules.noted.append(self)


class QuickMacro(Macro):
    """A macro that fills in what it is not given without asking first what else it might have been given."""

    def __init__(self, environment: Environment, func: Callable[..., str], name: str, *given: Any) -> None:
        super().__init__(environment, func, name, *given)
        self._is_plain = not (self.catch_kwargs or self.catch_varargs or self.caller or self.explicit_caller)

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        lacking = self._argument_count - len(args)
        if not self._is_plain or lacking < 0:
            return super().__call__(*args, **kwargs)
        if kwargs:
            filled = [kwargs.pop(name, missing) for name in self.arguments[len(args) :]]
            if kwargs:
                return super().__call__(*args, **kwargs)
            return str.__new__(Markup, self._func(*args, *filled))
        return str.__new__(Markup, self._func(*args, *(missing,) * lacking))


class KeptMacro(QuickMacro):
    """One that is asked for the same again and again."""

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        assert isinstance(self._environment, Templates)
        kept = self._environment.kept
        key = (self.name, args, *map(type, args), *kwargs.items())
        if key not in kept:
            if len(kept) >= _KNOWN:
                kept.clear()
            kept[key] = super().__call__(*args, **kwargs)
        return kept[key]


class Writing(CodeGenerator):
    """What is not told here is written as Jinja writes it."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.shown(")

    def visit_CondExpr(self, node: nodes.CondExpr, frame: Frame) -> None:  # noqa: N802  by the kind of node
        if node.expr2 is not None:
            super().visit_CondExpr(node, frame)
            return
        frame = frame.soft()
        self.write("(")
        self.visit(node.expr1, frame)
        self.write(" if ")
        self.visit(node.test, frame)
        self.write(" else environment.nothing)")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        odd = forward_caller or node.dyn_args is not None or node.dyn_kwargs is not None
        if odd or any(iskeyword(each.key) for each in node.kwargs):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for each in (*node.args, *node.kwargs):
            self.visit(each, frame)
            self.write(", ")
        self.write(")")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        self.write("environment.new_")
        super().macro_def(macro_ref, frame)

    def _import_common(self, node: nodes.Import | nodes.FromImport, frame: Frame) -> None:
        if not (node.with_context and frame.toplevel):
            super()._import_common(node, frame)
            return
        self.write("environment.module(")
        self.visit(node.template, frame)
        self.write(f", {self.name!r}, context)")


class Templates(Environment):
    """Jinja's environment, whose templates are compiled so."""

    code_generator_class = Writing
    context_class = NotedContext
    shown = staticmethod(shown)
    nothing = _NOTHING

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.kept: dict[Any, str] = {}

    def new_Macro(self, environment: Environment, func: Callable[..., str], name: str, *given: Any) -> Macro:  # noqa: N802
        """As compiled templates ask for one: for `Macro(…)`, which Jinja writes there."""
        return (KeptMacro if name in _ALIKE else QuickMacro)(environment, func, name, *given)

    def module(self, name: str, parent: str, context: Context) -> TemplateModule:
        """What a template imports, made for a page when it is first asked for."""
        made = context.parent.get(MODULES)
        if made is None:
            return self.get_template(name, parent).make_module(context.get_all(), True)
        if name not in made:
            made[name] = self.get_template(name, parent).make_module(context.get_all(), True)
        found: TemplateModule = made[name]
        return found
