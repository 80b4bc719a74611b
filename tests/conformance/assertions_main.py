# The main guard, docstrings, __debug__, type annotations at module level, global names of a script.
"""Not the docstring: a comment stands before it, which is fine."""
import sys

VERSION: str = "1.0"
limit: int
items: list[int] = []


def main(arguments: list[str]) -> int:
    """Return a status."""
    assert arguments == [], arguments
    items.extend([1, 2])
    print(main.__annotations__, main.__doc__)
    return 4


print(__doc__, __debug__)
try:
    limit
except NameError as error:
    print(error)


class Annotated:
    x: int = 5
    y: "Annotated"

    def method(self, a: int, /, b: float = 1.5, *args: str, **kwargs: bytes) -> None: ...


print(Annotated.__annotations__, sorted(Annotated.method.__annotations__.items(), key=str))
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
