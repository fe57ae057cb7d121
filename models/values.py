"""Frozen dataclasses that cost little to state.

The standard library writes six functions for each frozen class and compiles them one by one where the class is
stated: a third of a millisecond a class. A command states 160 to 210 of them before it begins, a fifth of what `check`
costs. Here frozen classes share the functions that need not know their fields, and the others are written when they are
first called; many classes of a command have no instance. Type checkers are shown the standard library's own.
"""

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, field, fields, replace
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    import dataclasses

    def dataclass(cls=None, /, *, frozen=False, eq=True, **options):
        """As dataclasses.dataclass.

        >>> @dataclass(frozen=True)
        ... class Point:
        ...     x: int
        ...     y: int = 0
        >>> Point(3), Point(3) == Point(3, 0), replace(Point(3), y=1)
        (Point(x=3, y=0), True, Point(x=3, y=1))
        """
        if cls is None:
            return lambda stated: dataclass(stated, frozen=frozen, eq=eq, **options)
        if not frozen:
            return dataclasses.dataclass(cls, eq=eq, **options)
        own = {"__init__": _when_needed(cls, "__init__", _init), "__repr__": _shown}
        own |= {"__setattr__": _refuse, "__delattr__": _refuse}
        if eq:
            own |= {
                "__eq__": _when_needed(cls, "__eq__", _eq),
                "__hash__": _when_needed(cls, "__hash__", _hash),
            }
        for name, function in own.items():
            if name not in cls.__dict__:
                setattr(cls, name, function)
        return dataclasses.dataclass(cls, init=False, repr=False, eq=False, **options)


__all__ = ["FrozenInstanceError", "dataclass", "field", "fields", "replace"]


def _refuse(self: Any, name: str, *value: Any) -> None:
    raise FrozenInstanceError(f"{name!r} of a frozen {type(self).__name__} cannot be changed")


@recursive_repr()
def _shown(self: Any) -> str:
    shown = (f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _when_needed(cls: type, name: str, write: Callable[[Any], Any]) -> Any:
    """A function of a class that is written when it is first called."""

    def first(self: Any, *given: Any, **named: Any) -> Any:
        setattr(cls, name, write(cls))
        return getattr(cls, name)(self, *given, **named)

    return first


def _compared(cls: Any) -> Callable[[Any], Any]:
    """What equality and hash look at."""
    names = [each.name for each in fields(cls) if each.compare]
    return attrgetter(*names) if names else lambda self: ()


def _eq(cls: Any) -> Any:
    compared = _compared(cls)
    return lambda self, other: (
        compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented
    )


def _hash(cls: Any) -> Any:
    compared = _compared(cls)
    return lambda self: hash(compared(self))


def _init(cls: Any) -> Any:
    """It takes the fields, fills in defaults and calls `__post_init__`."""
    known: dict[str, Any] = {"put": object.__setattr__, "none": MISSING}
    lines: list[str] = []
    in_order, by_name = ["self"], ["*"]
    for each in fields(cls):
        known |= {f"default_{each.name}": each.default, f"make_{each.name}": each.default_factory}
        if each.init:
            (by_name if each.kw_only else in_order).append(_parameter(each))
        if each.init or each.default_factory is not MISSING:
            lines.append(f"put(self, {each.name!r}, {_value(each)})")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    given = ", ".join(in_order + (by_name if len(by_name) > 1 else []))
    exec(f"def __init__({given}):\n " + "\n ".join(lines or ["pass"]), known)
    known["__init__"].__qualname__ = f"{cls.__qualname__}.__init__"
    return known["__init__"]


def _parameter(each: Field[Any]) -> str:
    optional = each.default is not MISSING or each.default_factory is not MISSING
    return f"{each.name}=default_{each.name}" if optional else each.name


def _value(each: Field[Any]) -> str:
    if each.default_factory is MISSING:
        return each.name
    made = f"make_{each.name}()"
    return f"{made} if {each.name} is none else {each.name}" if each.init else made
