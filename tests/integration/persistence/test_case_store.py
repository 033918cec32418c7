"""Cases in the store, on both databases."""

from engine.persistence.store import Store


def test_open(store: Store) -> None:
    assert store.dialect in ("sqlite", "postgresql")
