# needs: 3.14
# Annotations are evaluated when asked for (PEP 649), annotationlib, and messages that 3.14 words anew.
import annotationlib


class Node:
    next: Node
    value: Missing = 5


print(Node.value)
try:
    Node.__annotations__
except NameError as error:
    print(error)
print(annotationlib.get_annotations(Node, format=annotationlib.Format.STRING))
print(annotationlib.get_annotations(Node, format=annotationlib.Format.FORWARDREF)["next"])
Missing = int
print(Node.__annotations__["value"])
print(float.from_number(3), int.__name__, complex.from_number(2))
for source in ("async def f():\n  [await x for x in y]\n  def g(): await z", "with a as f(): pass", "x = 1 if 2 else pass", "import a as b.c"):
    try:
        compile(source, "s", "exec")
        print("compiles")
    except SyntaxError as error:
        print(error.msg)
