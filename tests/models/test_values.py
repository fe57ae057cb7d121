"""Frozen dataclasses of the project beside those of the standard library."""

import copy
import dataclasses
import pickle

import pytest

from models.values import FrozenInstanceError, dataclass, field, replace


def stated(decorator):
    """The same two classes by either decorator: every way in which a field may be stated, and one class of another."""

    @decorator(frozen=True)
    class Base:
        name: str
        count: int = 3
        parts: list[int] = field(default_factory=list, compare=False)
        secret: str = field(default="s", repr=False, kw_only=True)
        made: dict[str, int] = field(default_factory=dict, init=False, compare=False)
        twice: int = field(init=False)

        def __post_init__(self):
            object.__setattr__(self, "twice", 2 * self.count)

    @decorator(frozen=True)
    class Derived(Base):
        more: float = 0.5

    return Base, Derived


OURS, THEIRS = stated(dataclass), stated(dataclasses.dataclass)


@dataclass(frozen=True, eq=False)
class Point:
    x: int
    y: int = 0


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize(
    ("given", "named"),
    [(("a",), {}), (("a", 5), {}), (("a", 5, [1]), {"secret": "t"}), ((), {"name": "b", "parts": [2]})],
)
def test_a_value_holds_what_the_standard_library_would_put_there(which, given, named):
    ours, theirs = OURS[which](*given, **named), THEIRS[which](*given, **named)
    assert vars(ours) == vars(theirs)
    assert repr(ours) == repr(theirs)
    assert hash(ours) == hash(theirs)
    assert ours == OURS[which](*given, **named)
    assert ours != OURS[which]("another")
    assert ours.made is not OURS[which](*given, **named).made


@pytest.mark.parametrize("given", [(), (1, 2, 3, 4, 5, 6)])
def test_arguments_too_few_or_too_many_are_refused_as_there(given):
    for cls in (*OURS, *THEIRS):
        with pytest.raises(TypeError, match="argument"):
            cls(*given)


def test_a_value_cannot_be_changed():
    point = Point(1)
    with pytest.raises(FrozenInstanceError, match="'x' of a frozen Point"):
        point.x = 2
    with pytest.raises(FrozenInstanceError):
        point.other = 2
    with pytest.raises(FrozenInstanceError):
        del point.x
    assert vars(point) == {"x": 1, "y": 0}


def test_a_copy_has_what_was_replaced_and_goes_between_processes():
    assert vars(replace(Point(1, 2), y=3)) == {"x": 1, "y": 3}
    for other in (pickle.loads(pickle.dumps(Point(1, 2))), copy.deepcopy(Point(1, 2))):
        assert vars(other) == {"x": 1, "y": 2}
        assert other != Point(1, 2)  # eq=False: each is itself
