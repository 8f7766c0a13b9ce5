"""Headway: evidence goes in, a dated and scored judgement comes out, and every number on the way can be traced back.

The public interface is one function a question; nothing heavy is imported before the first call:

>>> import headway as hw
>>> shown = hw.evidence().series("rd_share_gdp", ["FRA", "KOR"])
>>> list(shown["country"].unique())
['FRA', 'KOR']

Everything else is private. docs/api.md describes each function.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headway.api.answer import answer as answer
    from headway.api.brief import brief as brief
    from headway.api.check import check as check
    from headway.api.evidence import evidence as evidence
    from headway.api.explain import explain as explain
    from headway.api.index import index as index
    from headway.api.score import score as score
    from headway.api.simulate import simulate as simulate
    from headway.api.standing import standing as standing
    from headway.api.strategy import strategy as strategy
    from headway.api.trace import trace as trace

__version__ = "0.1.0"
__all__ = [
    "answer", "brief", "check", "evidence", "explain", "index", "score", "simulate", "standing", "strategy", "trace",
]  # fmt: skip
_ROOMS = {"brief", "evidence", "explain", "standing", "strategy"}  # public functions whose name is a room's, too


class _CallableRoom(ModuleType):
    """A room named as a public function: `headway.brief` is a package, and `headway.brief("KOR")` calls the function.

    The import system makes a room an attribute of the package, whatever stood there before; so the room answers calls.
    """

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return _function(self.__name__.rpartition(".")[2])(*args, **kwargs)

    @property
    def __doc__(self) -> str | None:  # type: ignore[override]
        """That of the function, so that `help` and `?` say how to call it."""
        return inspect.getdoc(_function(self.__name__.rpartition(".")[2]))

    @property
    def __signature__(self) -> inspect.Signature:
        return inspect.signature(_function(self.__name__.rpartition(".")[2]))


class _Package(ModuleType):
    """This package: functions are loaded when they are asked for, and rooms named as one become callable."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _ROOMS and type(value) is ModuleType:
            value.__class__ = _CallableRoom
        super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module 'headway' has no attribute '{name}'; public are {', '.join(__all__)}")
        return importlib.import_module(f"headway.{name}") if name in _ROOMS else _function(name)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *__all__})


@lru_cache
def _function(name: str) -> Any:
    """Public function of that name, which says in a sentence what it lacks and names its own parameters in it."""
    from headway.core.extras import naming_extras

    plain = getattr(importlib.import_module(f"headway.api.{name}"), name)
    return naming_extras()(_naming_parameters(frozenset(inspect.signature(plain).parameters))(plain))


@contextmanager
def _naming_parameters(parameters: frozenset[str]) -> Iterator[None]:
    """Context in which an error names `as_of`, as a function has it, where a command would have `--as-of`."""
    from headway.core.errors import HeadwayError

    def named(option: re.Match[str]) -> str:
        parameter = option[1].replace("-", "_")
        return parameter if parameter in parameters else option[0]

    try:
        yield
    except HeadwayError as error:
        error.args = tuple(
            re.sub(r"--([a-z][a-z-]*)", named, one) if isinstance(one, str) else one for one in error.args
        )
        raise


sys.modules[__name__].__class__ = _Package
