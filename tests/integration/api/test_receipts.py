"""How a report stands, over HTTP, without a token: and no oracle for whoever tries codes."""

from tests.support.web import Web


def test_by_the_receipt_alone_and_few_wrong_ones(web: Web) -> None:
    filed = web.post(
        "/v1/cases", {"type": "dispute_mediation", "place": "230199000201", "what": "wall"}
    ).json()
    address = f"/status/{filed['receipt']}"
    told = web.get(address, by=None)
    assert (told.status_code, told.json()["ref"]) == (200, filed["ref"])
    for _ in range(5):
        wrong = web.get("/status/2222-222-222", by=None)
        assert (wrong.status_code, wrong.json()["code"]) == (404, "FM-N046")
    late = web.get(address, by=None)
    assert (late.status_code, late.json()["code"]) == (429, "FM-C045")
    assert 1 <= int(late.headers["retry-after"]) <= 60
