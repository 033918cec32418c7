"""Who serves a place, and what a person is towards a case."""

from datetime import date

from engine.domain.organisation import (
    Appointment,
    Organisation,
    Place,
    ServiceArea,
    Unit,
    home,
    place_chain,
    roles,
    unit_chain,
)

ON = date(2026, 11, 23)

COUNTY = Organisation(
    units=(
        Unit("county-25", "县局", "county"),
        Unit("S-012", "派出所", "station", "county-25", desk=True),
        Unit("office-002", "中心村警务室", "office", "S-012"),
        Unit("V-001", "示例一村", "village", "office-002"),
        Unit("M-01", "镇调委会", "committee", None),
        Unit("T-01", "交警", "station", "county-25"),
    ),
    places=(
        Place("230125", "宾县", "county"),
        Place("230125100", "宾州镇", "township", "230125"),
        Place("230125100205", "示例一村", "village", "230125100"),
        Place(
            "230125100206", "示例二村", "village", "230125100", became="230125100205", until=date(2024, 6, 30)
        ),
    ),
    areas=(
        ServiceArea("V-001", "230125100205"),
        ServiceArea("office-002", "230125100205", since=date(2026, 1, 1)),
        ServiceArea("S-012", "230125100"),
        ServiceArea("M-01", "230125100", "dispute_mediation"),
        ServiceArea("T-01", "230125", "traffic"),
    ),
)


def codes(function: str, on: date = ON) -> list[tuple[str, int]]:
    return [(s.unit.code, s.rank) for s in COUNTY.serving("230125100205", function=function, on=on)]


def test_a_village_is_served_from_the_nearest_unit_upwards() -> None:
    assert [code for code, _ in codes("police")] == ["V-001", "office-002", "S-012", "county-25"]


def test_another_function_brings_another_tree_beside_the_first() -> None:
    assert "M-01" in dict(codes("dispute_mediation"))
    assert "M-01" not in dict(codes("traffic"))
    assert "T-01" in dict(codes("traffic"))


def test_a_place_is_followed_upwards_and_only_as_far_as_it_was_valid() -> None:
    assert [p.name for p in place_chain(COUNTY.place, "230125100206", on=date(2024, 6, 30))] == [
        "示例二村",
        "宾州镇",
        "宾县",
    ]
    assert place_chain(COUNTY.place, "230125100206", on=date(2024, 7, 1)) == ()


def test_a_cycle_in_the_tree_ends_the_chain_instead_of_hanging() -> None:
    units = {"a": Unit("a", "a", "x", "b"), "b": Unit("b", "b", "x", "a")}
    assert [u.code for u in unit_chain(units, "a", on=ON)] == ["a", "b"]


def test_the_case_belongs_to_the_nearest_unit_with_a_desk() -> None:
    found = home(COUNTY.serving("230125100205", function="police", on=ON))
    assert found is not None
    assert found.code == "S-012"


def test_nobody_serves_an_unknown_place() -> None:
    assert COUNTY.serving("999", function="police", on=ON) == ()
    assert home(()) is None


def told(*held: Appointment, on: date = ON) -> frozenset[str]:
    serving = COUNTY.serving("230125100205", function="police", on=on)
    return roles(held, serving, home_unit=home(serving), on=on)


def test_an_appointment_counts_from_its_first_to_its_last_day() -> None:
    held = Appointment("aux-07", "mediator_post", "V-001", date(2026, 11, 23), date(2026, 11, 24))
    assert told(held, on=date(2026, 11, 22)) == frozenset()
    assert told(held, on=date(2026, 11, 24)) == {"mediator_post", "mediator_post@village"}
    assert told(held, on=date(2026, 11, 25)) == frozenset()


def test_an_appointment_elsewhere_gives_nothing_here() -> None:
    assert (
        told(Appointment("off-09", "officer", "S-099"), Appointment("off-08", "officer", "T-01"))
        == frozenset()
    )


def test_the_head_above_is_superior_and_the_head_of_the_unit_is_not() -> None:
    assert told(Appointment("chf-01", "head", "S-012")) == {"head", "head@station"}
    assert told(Appointment("chf-02", "head", "county-25")) == {"head", "head@county", "superior"}
