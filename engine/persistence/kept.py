"""What a process keeps instead of making it again. Bounded, so that no number of cases can fill the memory."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """The newest ``most`` values by key. Reading takes no lock: a value that is there is whole."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._values: dict[K, V] = {}
        self._lock = Lock()
        self.find = self._values.get

    def keep(self, key: K, value: V) -> V:
        with self._lock:
            if len(self._values) >= self.most:
                del self._values[next(iter(self._values))]
            self._values[key] = value
        return value

    def __len__(self) -> int:
        return len(self._values)


class Made(dict[Any, Any]):
    """Values that are made when they are first asked for, of names that a definition holds: ``made[name]``."""

    def __init__(self, make: Callable[[Any], Any], most: int = 2_000) -> None:
        self._make, self._most = make, most

    def __missing__(self, key: Any) -> Any:
        value = self._make(key)
        if len(self) < self._most:
            self[key] = value
        return value
