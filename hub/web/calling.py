"""How templates call: macros and plain functions without being asked each time what they want to be given.

Jinja asks each callable three times whether it wants the context, which takes longer than most of what pages call. Of what pages
call, macros alone want anything, and Jinja's own functions, which go the long way.
"""

from functools import lru_cache
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from jinja2.runtime import Context, Macro

_PLAIN = frozenset({FunctionType, MethodType, BuiltinFunctionType, type(lru_cache(len))})
_WANTS = "jinja_pass_arg"


class Calling(Context):
    """The context of a page."""

    def call(__self, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805  no name that a template could give
        kind = type(__obj)
        if kind is Macro:
            args = (__self.eval_ctx, *args)
        elif kind not in _PLAIN or hasattr(__obj, _WANTS):
            return super().call(__obj, *args, **kwargs)
        # What variables loops and blocks have is for those who want the context.
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return __obj(*args, **kwargs)
