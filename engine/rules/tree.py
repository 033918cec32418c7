"""The checked tree of an expression, as the CEL library serialises it, and what can be read from it.

``Expression.serialize()`` gives a ``google.protobuf.Any`` around ``cel.expr.CheckedExpr``. Only the
parts needed here are described below, with the field numbers of ``cel/expr/checked.proto`` and
``cel/expr/syntax.proto``; the rest is skipped by protobuf.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from google.protobuf import any_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto

Path = tuple[str, ...]

_TYPES = {
    "int64": FieldDescriptorProto.TYPE_INT64,
    "int32": FieldDescriptorProto.TYPE_INT32,
    "double": FieldDescriptorProto.TYPE_DOUBLE,
    "bool": FieldDescriptorProto.TYPE_BOOL,
    "string": FieldDescriptorProto.TYPE_STRING,
}
_MESSAGES = {
    "Constant": "1 null_value int64, 2 bool_value bool, 3 int64_value int64, 5 double_value double, 6 string_value string",
    "Ident": "1 name string",
    "Select": "1 operand Expr, 2 field string, 3 test_only bool",
    "Call": "1 target Expr, 2 function string, 3* args Expr",
    "List": "1* elements Expr",
    "Entry": "1 id int64, 3 map_key Expr, 4 value Expr",
    "Struct": "2* entries Entry",
    "Comprehension": "1 iter_var string, 2 iter_range Expr, 3 accu_var string, 4 accu_init Expr, "
    "5 loop_condition Expr, 6 loop_step Expr, 7 result Expr",
    "Expr": "2 id int64, 3 const_expr Constant, 4 ident_expr Ident, 5 select_expr Select, 6 call_expr Call, "
    "7 list_expr List, 8 struct_expr Struct, 9 comprehension_expr Comprehension",
    "Position": "1 key int64, 2 value int32",
    "SourceInfo": "4* positions Position",
    "CheckedExpr": "4 expr Expr, 5 source_info SourceInfo",
}
_ONEOF = ("Constant", "Expr")


def _checked_class() -> Any:
    file = FileDescriptorProto(name="engine/checked.proto", package="tree", syntax="proto3")
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        if name in _ONEOF:
            message.oneof_decl.add(name="kind")
        for line in fields.split(", "):
            number, field_name, type_name = line.split()
            made = message.field.add(name=field_name, number=int(number.rstrip("*")))
            made.label = made.LABEL_REPEATED if number.endswith("*") else made.LABEL_OPTIONAL
            if type_name in _TYPES:
                made.type = _TYPES[type_name]
            else:
                made.type, made.type_name = made.TYPE_MESSAGE, f".tree.{type_name}"
            if name in _ONEOF and field_name != "id":
                made.oneof_index = 0
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(file.SerializeToString())
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("tree.CheckedExpr"))


_Checked = _checked_class()
_COMPARISONS = {"_==_": "==", "_!=_": "!=", "_<_": "<", "_<=_": "<=", "_>_": ">", "_>=_": ">="}
_MIRROR = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A path set against a constant: ``risk == "red"``, ``"hired" in exclusions`` (operator ``in``)."""

    path: Path
    operator: str
    literal: bool | int | float | str
    column: int


@dataclass(slots=True)
class Reading:
    """All that one walk over a tree finds. Columns count from 1 in the text of the expression.

    ``reads`` has each path once at its greatest length; an element of a list has the list's path, so that
    ``parties.all(p, p.age > 17)`` reads ``parties`` and ``parties.age``. ``tests`` are those only asked
    about by ``has``; ``free`` the variables used, ``calls`` the functions; ``members`` every name behind a dot.
    """

    reads: dict[Path, int] = field(default_factory=dict)
    tests: set[Path] = field(default_factory=set)
    compared: list[Comparison] = field(default_factory=list)
    free: dict[str, int] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    nulls: list[int] = field(default_factory=list)
    members: set[str] = field(default_factory=set)
    equated: list[tuple[Path, int]] = field(default_factory=list)


def read(serialized: bytes) -> Reading:
    """Walk the tree that ``serialize()`` wrote."""
    checked = _Checked.FromString(any_pb2.Any.FromString(serialized).value)
    walk = _Walk({p.key: p.value + 1 for p in checked.source_info.positions})
    walk.visit(checked.expr, {})
    return walk.found


class _Walk:
    """``scope`` maps the variables of enclosing ``all``, ``map`` ... to the path they run over, or None."""

    def __init__(self, columns: dict[int, int]) -> None:
        self.columns = columns
        self.found = Reading()

    def column(self, node: Any) -> int:
        return self.columns.get(node.id, 1)

    def visit(self, node: Any, scope: dict[str, Path | None]) -> None:
        kind = node.WhichOneof("kind")
        if kind in ("ident_expr", "select_expr"):
            self._chain(node, scope)
        elif kind == "call_expr":
            self._call(node, scope)
        elif kind == "comprehension_expr":
            self._comprehension(node.comprehension_expr, scope)
        elif kind == "const_expr" and node.const_expr.WhichOneof("kind") == "null_value":
            self.found.nulls.append(self.column(node))
        else:
            for child in _children(node, kind):
                self.visit(child, scope)

    def _chain(self, node: Any, scope: dict[str, Path | None]) -> None:
        """A name with its dots. What is not such a chain (``f(x).y``) is visited below its last dot."""
        self._members(node)
        path = self.path(node, scope)
        if path is None:
            below = node
            while below.WhichOneof("kind") == "select_expr":
                below = below.select_expr.operand
            if below.WhichOneof("kind") != "ident_expr":
                self.visit(below, scope)
            return
        root = self._root(node, scope)
        column = self.column(root)
        if root.WhichOneof("kind") == "ident_expr" and root.ident_expr.name not in scope:
            self.found.free.setdefault(root.ident_expr.name, column)
        self.found.reads.setdefault(path, column)
        if node.select_expr.test_only:
            self.found.tests.add(path)

    def _members(self, node: Any) -> None:
        while node.WhichOneof("kind") == "select_expr":
            self.found.members.add(node.select_expr.field)
            node = node.select_expr.operand

    def path(self, node: Any, scope: dict[str, Path | None]) -> Path | None:
        """The path a node stands for, through variables of enclosing macros and ``filter``; None if it is none."""
        kind = node.WhichOneof("kind")
        if kind == "ident_expr":
            return scope.get(node.ident_expr.name, (node.ident_expr.name,))
        if kind == "select_expr":
            below = self.path(node.select_expr.operand, scope)
            return None if below is None else (*below, node.select_expr.field)
        if kind == "comprehension_expr" and _filters(node.comprehension_expr):
            return self.path(node.comprehension_expr.iter_range, scope)
        if kind == "call_expr" and node.call_expr.function == "_[_]":
            return self.path(node.call_expr.args[0], scope)
        return None

    def _root(self, node: Any, scope: dict[str, Path | None]) -> Any:
        """What a chain begins with; unless it is a plain name it is visited for its own sake."""
        while node.WhichOneof("kind") == "select_expr":
            node = node.select_expr.operand
        if node.WhichOneof("kind") != "ident_expr":
            self.visit(node, scope)
        return node

    def _call(self, node: Any, scope: dict[str, Path | None]) -> None:
        call = node.call_expr
        if not call.function.startswith(("_", "@", "!", "-")):
            begins = self.column(node) - (0 if call.HasField("target") else len(call.function))
            self.found.calls.setdefault(call.function, begins)
        operator = _COMPARISONS.get(call.function)
        if operator is not None:
            left, right = call.args
            self._compare(left, operator, right, scope)
            self._compare(right, _MIRROR[operator], left, scope)
        elif call.function == "@in":
            needle, heap = call.args
            self._compare(heap, "in", needle, scope)
            for element in heap.list_expr.elements:
                self._compare(needle, "==", element, scope)
        for child in _children(node, "call_expr"):
            self.visit(child, scope)

    def _compare(self, node: Any, operator: str, literal: Any, scope: dict[str, Path | None]) -> None:
        path = self.path(node, scope)
        if path is None:
            return
        if operator in ("==", "!="):
            self.found.equated.append((path, self.column(node)))
        if literal.WhichOneof("kind") != "const_expr":
            return
        kind = literal.const_expr.WhichOneof("kind")
        if kind in ("bool_value", "int64_value", "double_value", "string_value"):
            value = getattr(literal.const_expr, kind)
            self.found.compared.append(Comparison(path, operator, value, self.column(literal)))

    def _comprehension(self, part: Any, scope: dict[str, Path | None]) -> None:
        """A macro: what its author wrote stands in the range and the step, the rest is its machinery."""
        self.visit(part.iter_range, scope)
        over = self.path(part.iter_range, scope)
        self.visit(part.loop_step, {**scope, part.accu_var: None, part.iter_var: over})


def _filters(part: Any) -> bool:
    """Whether a comprehension is ``filter``: its step adds the element itself to a list, or nothing."""
    if part.accu_init.WhichOneof("kind") != "list_expr" or part.loop_step.call_expr.function != "_?_:_":
        return False
    added = part.loop_step.call_expr.args[1].call_expr
    if added.function != "_+_":
        return False
    elements = added.args[1].list_expr.elements
    return len(elements) == 1 and elements[0].ident_expr.name == part.iter_var


def _children(node: Any, kind: str | None) -> Iterator[Any]:
    if kind == "call_expr":
        if node.call_expr.HasField("target"):
            yield node.call_expr.target
        yield from node.call_expr.args
    elif kind == "list_expr":
        yield from node.list_expr.elements
    elif kind == "struct_expr":
        for entry in node.struct_expr.entries:
            if entry.HasField("map_key"):
                yield entry.map_key
            yield entry.value
