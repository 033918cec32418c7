"""One entry of the catalogue is the same whether it is read alone or with all the others."""

from engine.domain.messages import catalogue, find_entry, text


def test_each_entry_alone_is_the_entry_among_all() -> None:
    entries = catalogue()
    assert [code for code, entry in entries.items() if find_entry(code) != entry] == []


def test_what_no_file_holds_is_told_by_its_code() -> None:
    assert find_entry("FM-X999") is None
    assert text("FM-X999", "zh") == "FM-X999"
