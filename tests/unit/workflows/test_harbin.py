"""The sample organisation: real divisions, published totals, everything else made up and said to be."""

from collections import Counter
from datetime import date

import pytest

from engine.domain.organisation import Organisation, home, unit_chain
from workflows.harbin import build
from workflows.harbin.apportion import by_largest_remainder, one_each_then_largest, split
from workflows.harbin.divisions import divisions
from workflows.harbin.generator import Scale

ON = date(2026, 11, 24)
SCALES: tuple[Scale, ...] = ("county", "full")


@pytest.fixture(scope="module")
def city() -> Organisation:
    return build(7, "full")


@pytest.fixture(scope="module")
def county() -> Organisation:
    return build()


def test_the_divisions_are_the_published_ones_without_orphans() -> None:
    codes = {p.code for p in divisions()}
    assert Counter(p.kind for p in divisions()) == {
        "city": 1,
        "county": 18,
        "township": 328,
        "village": 1886,
        "community": 3158 - 1886,
    }
    assert len(codes) == len(divisions())
    assert {p.parent for p in divisions()} - codes == {None}


def test_the_whole_city_has_exactly_the_published_totals(city: Organisation) -> None:
    levels = Counter(u.level for u in city.units)
    assert (levels["station"], levels["office"]) == (208, 332)
    assert sum(u.volunteers for u in city.units) == 12_195
    assert all(u.volunteers > 0 for u in city.units if u.level == "office")


def test_one_auxiliary_per_village_and_5_6_percent_without(city: Organisation) -> None:
    posts = {u.code for u in city.units if u.level == "village"}
    held = Counter(a.unit for a in city.appointments if a.role == "auxiliary")
    assert set(held.values()) == {1}
    assert held.keys() <= posts
    assert len(posts) == 1886
    assert round((len(posts) - len(held)) / len(posts), 3) == 0.056


def test_every_village_is_served_by_its_post_an_office_and_a_station(city: Organisation) -> None:
    for place in city.places:
        if place.kind != "village":
            continue
        found = city.serving(place.code, function="police", on=ON)
        assert [s.unit.level for s in found] == ["village", "office", "station", "county", "city"]
        case_unit = home(found)
        assert case_unit is not None
        assert case_unit.level == "station"


def test_where_no_rural_station_is_the_county_answers(city: Organisation) -> None:
    found = city.serving("230102001001", function="police", on=ON)
    assert [s.unit.code for s in found] == ["county-02", "city-01"]


def test_the_unit_tree_ends_in_the_city_or_a_justice_bureau(city: Organisation) -> None:
    tops = {unit_chain(city.unit, u.code, on=ON)[-1].code.split("-")[0] for u in city.units}
    assert tops == {"city", "justice"}


def test_the_sample_county_is_small_and_has_every_role(county: Organisation) -> None:
    levels = Counter(u.level for u in county.units)
    assert (levels["station"], levels["office"]) == (3, 6)
    assert 35 <= levels["village"] <= 45
    assert 50 <= len(county.persons) <= 80
    codes = {p.code for p in county.persons}
    assert {"dsp-01", "chf-01", "dir-02", "med-12", "off-05", "aux-07"} <= codes
    roles = {a.role for a in county.appointments}
    assert {
        "auxiliary",
        "officer",
        "dispatcher",
        "head",
        "director",
        "mediator_post",
        "legal",
        "inspector",
    } <= roles


def test_aux_07_is_no_mediator_and_chf_01_heads_a_station(county: Organisation) -> None:
    held = {(a.person, a.role) for a in county.appointments}
    assert ("aux-07", "mediator_post") not in held
    assert ("aux-08", "mediator_post") in held
    heads = {a.person: a.unit for a in county.appointments if a.role == "head"}
    assert heads["chf-01"] == "S-001"


@pytest.mark.parametrize("scale", SCALES)
def test_the_same_seed_builds_the_same_and_another_seed_another(scale: Scale) -> None:
    assert build(3, scale) == build(3, scale)
    assert build(3, scale) != build(4, scale)


def test_everything_invented_says_so_and_nobody_has_a_name(city: Organisation) -> None:
    assert all("示例" in u.name for u in city.units)
    assert not any(p.name or p.phone for p in city.persons)
    assert city.note.startswith("Illustration")


def test_apportioning_adds_up() -> None:
    assert by_largest_remainder(10, [1, 1, 1]) == [4, 3, 3]
    assert one_each_then_largest(5, [1, 9, 2]) == [1, 3, 1]
    assert split("abcdefg", 3) == ["abc", "de", "fg"]
    with pytest.raises(ValueError, match="do not fit"):
        one_each_then_largest(4, [1, 1, 1])
