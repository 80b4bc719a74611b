# warnings: on stderr with file, line and source; filters, errors, catching, categories.
import sys
import warnings


def old():
    warnings.warn("old is old", DeprecationWarning, stacklevel=2)


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    old()
    warnings.warn("plain")
    warnings.warn(UserWarning("object"))
print([(w.category.__name__, str(w.message), w.lineno) for w in caught])
with warnings.catch_warnings():
    warnings.simplefilter("error")
    try:
        warnings.warn("raised", RuntimeWarning)
    except RuntimeWarning as error:
        print("caught", error)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    warnings.warn("never seen")
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("default")
    for _ in range(3):
        warnings.warn("once per place")
print(len(caught))
print(warnings.formatwarning("text", UserWarning, "file.py", 7, "the line"))
try:
    warnings.warn("x", int)
except TypeError as error:
    print(error)


class Mine(UserWarning):
    pass


with warnings.catch_warnings(record=True) as caught:
    warnings.filterwarnings("ignore", message="skip.*")
    warnings.filterwarnings("always", category=Mine)
    warnings.warn("skip this")
    warnings.warn("keep this", Mine)
print([str(w.message) for w in caught])


@warnings.deprecated("use new instead")
def deprecated():
    return 5


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print(deprecated(), caught[0].message, caught[0].category.__name__)
sys.stdout.flush()
warnings.warn("this one goes to stderr")
print("end")
