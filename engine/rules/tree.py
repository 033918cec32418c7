"""The checked tree of an expression, as the CEL library serialises it, and what can be read from it.

``Expression.serialize()`` gives a ``google.protobuf.Any`` around ``cel.expr.CheckedExpr``. Only the
parts needed here are described below, with the field numbers of ``cel/expr/checked.proto`` and
``cel/expr/syntax.proto``; the rest is skipped by protobuf.
"""

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from google.protobuf import any_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto

from engine.rules.reading import Comparison, Path, Reading

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


def read(serialized: bytes) -> Reading:
    """Walk the tree that ``serialize()`` wrote."""
    checked = _Checked.FromString(any_pb2.Any.FromString(serialized).value)
    walk = _Walk({p.key: p.value + 1 for p in checked.source_info.positions})
    walk.visit(checked.expr, {})
    return walk.found


class _Seen(NamedTuple):
    """What a node stands for: a path, or a constant, or neither; and where it begins."""

    column: int
    path: Path | None = None
    literal: bool | int | float | str | None = None


Scope = dict[str, Path | None]
Use = Literal["value", "range", "dot"]
_CONSTANTS = ("bool_value", "int64_value", "double_value", "string_value")


class _Walk:
    """One pass. ``scope`` maps the variables of enclosing ``all``, ``map`` ... to the path they run over, or
    None; ``use`` says what becomes of a node's value: with a ``dot`` behind it the path is not read for its own
    sake, a ``range`` is run through or counted, a ``value`` is taken as it is."""

    def __init__(self, columns: dict[int, int]) -> None:
        self.columns = columns
        self.found = Reading()

    def visit(self, node: Any, scope: Scope, use: Use = "value") -> _Seen:
        kind = node.WhichOneof("kind")
        column = self.columns.get(node.id, 1)
        if kind == "ident_expr":
            return self._name(node.ident_expr.name, column, scope, use)
        if kind == "select_expr":
            return self._select(node.select_expr, column, scope, use)
        if kind == "call_expr":
            return self._call(node.call_expr, column, scope)
        if kind == "const_expr":
            return self._constant(node.const_expr, column)
        if kind == "comprehension_expr":
            return self._comprehension(node.comprehension_expr, column, scope, use)
        for child in (*node.list_expr.elements, *_entries(node.struct_expr)):
            self.visit(child, scope)
        return _Seen(column)

    def _name(self, name: str, column: int, scope: Scope, use: Use) -> _Seen:
        if name in scope:
            path = scope[name]
        else:
            path = (name,)
            self.found.free.setdefault(name, column)
        if path is not None:
            self._read(path, column, use)
        return _Seen(column, path)

    def _read(self, path: Path, column: int, use: Use) -> None:
        if use != "dot":
            self.found.reads.setdefault(path, column)
        if use == "value":
            self.found.whole.add(path)

    def _select(self, select: Any, column: int, scope: Scope, use: Use) -> _Seen:
        below = self.visit(select.operand, scope, "dot")
        if below.path is None:
            return _Seen(column)
        path = (*below.path, select.field)
        self._read(path, below.column, "range" if select.test_only else use)
        if select.test_only:
            self.found.tests.add(path)
        return _Seen(below.column, path)

    def _constant(self, constant: Any, column: int) -> _Seen:
        kind = constant.WhichOneof("kind")
        if kind == "null_value":
            self.found.nulls.append(column)
        return _Seen(column, None, getattr(constant, kind) if kind in _CONSTANTS else None)

    def _call(self, call: Any, column: int, scope: Scope) -> _Seen:
        function = call.function
        if call.HasField("target"):
            self.visit(call.target, scope, "range" if function == "size" else "value")
            self.found.calls.setdefault(function, column)
        elif function[0] not in "_@!-":
            self.found.calls.setdefault(function, column - len(function))
        taken: Use = "range" if function == "size" else "value"
        seen = [self.visit(argument, scope, taken) for argument in call.args]
        if function in _COMPARISONS:
            self._compare(seen[0], _COMPARISONS[function], seen[1])
            self._compare(seen[1], _MIRROR[_COMPARISONS[function]], seen[0])
        elif function == "@in":
            self._compare(seen[1], "in", seen[0])
            for element in call.args[1].list_expr.elements:
                self._compare(seen[0], "==", self.visit(element, scope))
        return seen[0] if function == "_[_]" else _Seen(column)

    def _compare(self, one: _Seen, operator: str, other: _Seen) -> None:
        if one.path is None:
            return
        if operator in ("==", "!="):
            self.found.equated.append((one.path, one.column))
        if other.literal is not None:
            self.found.compared.append(Comparison(one.path, operator, other.literal, other.column))

    def _comprehension(self, part: Any, column: int, scope: Scope, use: Use) -> _Seen:
        """A macro: what its author wrote stands in the range and the step, the rest is its machinery.

        Of a ``filter`` that is its condition, and what becomes of its elements is what becomes of the filter.
        """
        filters = _filters(part)
        over = self.visit(part.iter_range, scope, "value" if filters and use == "value" else "range")
        step = part.loop_step.call_expr.args[0] if filters else part.loop_step
        self.visit(step, {**scope, part.accu_var: None, part.iter_var: over.path})
        return over if filters else _Seen(column)


def _filters(part: Any) -> bool:
    """Whether a comprehension is ``filter``: its step adds the element itself to a list, or nothing."""
    if part.accu_init.WhichOneof("kind") != "list_expr" or part.loop_step.call_expr.function != "_?_:_":
        return False
    added = part.loop_step.call_expr.args[1].call_expr
    if added.function != "_+_":
        return False
    elements = added.args[1].list_expr.elements
    return len(elements) == 1 and elements[0].ident_expr.name == part.iter_var


def _entries(struct: Any) -> Iterator[Any]:
    for entry in struct.entries:
        if entry.HasField("map_key"):
            yield entry.map_key
        yield entry.value
