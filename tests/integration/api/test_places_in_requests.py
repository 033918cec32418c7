"""A reason says where in the request stands what it is about; 404 is said of addresses alone."""

from typing import Any

import pytest

from tests.support.web import FILING, HEAD, SCREENED, Web, problem


def pointers(told: Any) -> list[str | None]:
    return [reason.get("pointer") for reason in told["reasons"]]


class TestFiling:
    @pytest.mark.parametrize(
        ("sent", "code", "pointer"),
        [
            ({"place": "nowhere"}, "FM-N020", "/place"),
            ({"type": "dispute_meditation"}, "FM-N034", "/type"),
            ({"what": " "}, "FM-U211", "/what"),
            ({"done_by": "ghost"}, "FM-U359", "/done_by"),
            ({"occurred_at": "1900-01-02T00:00:00Z"}, "FM-N037", "/occurred_at"),
            ({"occurred_at": "1900-01-02T00:00:00Z", "type": "人民调解"}, "FM-N034", "/type"),
            ({"anonymous": True, "reporter": {"name": "A"}}, "FM-U367", "/reporter"),
            ({"reporter": {"foo": 1}}, "FM-U369", "/reporter"),
            ({"parties": [{"role": "juror"}]}, "FM-R303", "/parties/0/role"),
            ({"parties": [{"role": "claimant", "height": 3}]}, "FM-R302", "/parties/0/height"),
            ({"set": {"a/b": 1}}, "FM-R302", "/set/a~1b"),
            ({"records": {"nothing": []}}, "FM-R302", "/records/nothing"),
        ],
    )
    def test_what_nobody_knows_is_pointed_at(
        self, web: Web, sent: dict[str, Any], code: str, pointer: str
    ) -> None:
        told = problem(web.post("/v1/cases", FILING | sent), 422, code)
        assert pointer in pointers(told)

    def test_a_party_of_whom_nothing_is_said_is_none(self, web: Web) -> None:
        told = problem(web.post("/v1/cases", FILING | {"parties": [{}]}), 422, "FM-R301")
        assert "parties" in told["detail"]

    def test_the_name_of_a_party_stands_beside_its_role_or_under_fields(self, web: Web) -> None:
        ref = web.file(parties=[{"role": "claimant", "fields": {"name": "A", "age": 61}}])
        joined = web.post(
            f"/v1/cases/{ref}/parties", {"role": "respondent", "name": "B", "fields": {"age": 40}}
        )
        assert joined.status_code == 201
        sent = {"parties": [{"role": "third_party", "fields": {"name": "C"}}]}
        assert web.act(ref, "add_party", sent).status_code == 200
        assert (
            web.post(f"/v1/cases/{ref}/parties", {"role": "third_party", "fields": {"name": "D"}}).status_code
            == 201
        )
        parties = web.get(f"/v1/cases/{ref}", by="off-05").json()["parties"]  # to the desk an age is covered
        assert [party["name"] for party in parties] == ["A", "B", "C", "D"]
        assert [party["fields"].get("age") for party in parties] == [61, 40, None, None]

    def test_a_party_is_told_what_it_takes(self, web: Web) -> None:
        sent = FILING | {"parties": [{"role": "claimant", "height": 3}]}
        told = problem(web.post("/v1/cases", sent), 422, "FM-R302")
        assert "role, name, person" in told["detail"]


class TestActs:
    def test_whom_nobody_knows_did_nothing(self, web: Web) -> None:
        ref = web.file()
        told = problem(web.act(ref, "screen", SCREENED | {"done_by": "ghost"}), 422, "FM-U359")
        assert pointers(told) == ["/done_by"]
        assert "ghost" in told["detail"]

    def test_a_field_too_many_of_a_record(self, web: Web) -> None:
        screened: dict[str, Any] = SCREENED
        form = screened["records"]["screening_form"][0] | {"weather": "rain"}
        told = problem(
            web.act(web.file(), "screen", SCREENED | {"records": {"screening_form": [form]}}), 422, "FM-R302"
        )
        assert "/records/screening_form/0/weather" in pointers(told)

    def test_parties_stand_in_a_list(self, web: Web) -> None:
        sent = {"parties": [{"role": "claimant", "name": "a"}, {"role": "juror"}]}
        told = problem(web.act(web.file(), "add_party", sent), 422, "FM-R303")
        assert pointers(told) == ["/parties/1/role"]


class TestOtherAddresses:
    """The body of each has its own words."""

    def test_a_party(self, web: Web) -> None:
        path = f"/v1/cases/{web.file()}/parties"
        assert pointers(problem(web.post(path, {"role": "juror"}), 422, "FM-R303")) == ["/role"]
        sent = {"role": "claimant", "fields": {"height": 3}}
        assert pointers(problem(web.post(path, sent), 422, "FM-R302")) == ["/fields/height"]

    def test_a_record(self, web: Web) -> None:
        ref = web.file()
        web.act(ref, "screen", SCREENED)
        web.post(f"/v1/cases/{ref}/parties", {"role": "claimant", "fields": {"name": "a"}})
        answer = web.post(f"/v1/cases/{ref}/records/contact", {"items": [{"weather": "rain"}]})
        assert "/items/0/weather" in pointers(problem(answer, 422, "FM-R302"))

    def test_a_seat(self, web: Web) -> None:
        answer = web.post(f"/v1/cases/{web.file()}/assignments", {"person": "ghost"}, by=HEAD)
        assert pointers(problem(answer, 422, "FM-R503")) == ["/person"]

    def test_a_link(self, web: Web) -> None:
        ref = web.file()
        sent = {"kind": "duplicate_of", "other": "26-99999-9"}
        assert pointers(problem(web.post(f"/v1/cases/{ref}/links", sent), 422, "FM-N001")) == ["/other"]
        problem(web.post("/v1/cases/26-99999-9/links", sent | {"other": ref}), 404, "FM-N001")

    def test_an_act_to_correct(self, web: Web) -> None:
        sent = {"act": 99, "reason": "misheard", "take_back": True}
        answer = web.post(f"/v1/cases/{web.file()}/corrections", sent)
        assert pointers(problem(answer, 422, "FM-N035")) == ["/act"]

    @pytest.mark.parametrize(
        ("path", "sent", "code", "pointer"),
        [
            ("/v1/tokens", {"person": "ghost"}, "FM-N022", "/person"),
            ("/v1/persons/aux-07/appointments", {"role": "officer", "unit": "X-9"}, "FM-N021", "/unit"),
            (
                "/v1/clock-previews",
                {"duration": "3 wd", "start": "2026-11-23T08:00:00+08:00", "calendar": "XX"},
                "FM-N005",
                "/calendar",
            ),
            ("/v1/workflows/dispute_mediation/activations", {"version": "none"}, "FM-N071", "/version"),
        ],
    )
    def test_what_a_body_names(
        self, web: Web, path: str, sent: dict[str, Any], code: str, pointer: str
    ) -> None:
        assert pointers(problem(web.post(path, sent, by=HEAD), 422, code)) == [pointer]

    @pytest.mark.parametrize(
        ("path", "code"),
        [
            ("/v1/persons?unit", "FM-N021"),
            ("/v1/duty?unit", "FM-N021"),
            ("/v1/me/desk?unit", "FM-U305"),
            ("/v1/units?under", "FM-N021"),
        ],
    )
    def test_what_a_query_names(self, web: Web, path: str, code: str) -> None:
        told = problem(web.get(f"{path}=X-9"), 422, code)
        assert pointers(told) == [f"?{path.partition('?')[2]}"]

    @pytest.mark.parametrize(
        ("path", "code"),
        [
            ("/v1/cases/26-99999-9", "FM-N001"),
            ("/v1/persons/ghost", "FM-N022"),
            ("/v1/units/X-9", "FM-N021"),
            ("/v1/calendars/XX", "FM-N005"),
        ],
    )
    def test_what_an_address_names_is_not_found(self, web: Web, path: str, code: str) -> None:
        assert pointers(problem(web.get(path), 404, code)) == [None]
