"""Values of options without pydantic, which Typer asks about every one of them and loads for the first.

A text that was given for a text stays as it is. Whatever else was declared or came in goes Typer's own way, and
only if it came in: most options of a command are not given.
"""

from typing import Any

from typer._click.core import Context
from typer._coercion import RuntimeParam, build_runtime_param

_TEXTS = (str, list[str])


class _Light(RuntimeParam):
    def _coerce_value(self, value: Any, param: Any, ctx: Context) -> Any:
        if self.annotation in _TEXTS and self.parameter_info.parser is None:
            if isinstance(value, str) and self.annotation is str and _readable(value):
                return value
            if isinstance(value, tuple | list) and self.annotation is not str and all(map(_readable, value)):
                return list(value)
        return build_runtime_param(param.type_descriptor)._coerce_value(value, param, ctx)


def _readable(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(value.encode() or True)
    except UnicodeEncodeError:  # bytes of the command line that are no text
        return False


def lightened(params: list[Any]) -> list[Any]:
    """A command's parameters, with the way their values are read set."""
    for param in params:
        kind = getattr(param, "type_descriptor", None)
        if kind is not None and param._runtime_param is None and kind.file_annotation is None:
            param._runtime_param = _Light(kind.parameter_info, kind.annotation)
    return params
