"""The array types that cross between modules, and the one check every frozen dataclass makes."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.errors import InvalidInput

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
ComplexArray = NDArray[np.complex128]


def frozen_floats(name: str, values: ArrayLike, shape: tuple[int, ...]) -> FloatArray:
    """A read-only float64 copy of `values`; raises InvalidInput when its shape is not `shape`."""
    array = np.array(values, dtype=np.float64)
    if array.shape != shape:
        raise InvalidInput(f"{name} has shape {array.shape}; expected {shape}.")
    array.setflags(write=False)
    return array


def freeze(instance: object, **arrays: NDArray[Any]) -> None:
    """Store read-only arrays on a frozen dataclass from its __post_init__."""
    for name, array in arrays.items():
        array.setflags(write=False)
        object.__setattr__(instance, name, array)
