# array: the native class, registered as a sequence.
from _array import ArrayType, _array_reconstructor, array, typecodes
from collections.abc import MutableSequence as _MutableSequence

_MutableSequence.register(array)
