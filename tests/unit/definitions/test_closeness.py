"""The class of a fact, where it hangs on another."""

import pytest

from engine.definitions.analysis import analyse
from engine.definitions.closeness import branches, class_now, strictest
from engine.definitions.load import loads
from engine.definitions.model import Definition, Tree
from engine.definitions.outline import Outline
from workflows import shipped


@pytest.fixture(scope="module")
def dispute() -> Definition:
    files = shipped.files_of("dispute_mediation")
    loaded = loads(files["workflow.yaml"])
    assert loaded.definition is not None
    return loaded.definition


def test_every_branch_counts_for_what_is_told_to_all() -> None:
    inner = Tree(by="risk", options={"red": "informant"}, otherwise="contact", has_else=True)
    tree = Tree(by="dv", options={"true": "protected", "false": inner})
    assert list(branches(tree)) == ["protected", "informant", "contact"]
    assert strictest("sensitive", tree) == "informant"
    assert strictest() == "public"


@pytest.mark.parametrize(
    ("values", "class_"), [({}, "contact"), ({"dv": False}, "contact"), ({"dv": True}, "protected")]
)
def test_the_class_follows_the_fact(dispute: Definition, values: dict[str, bool], class_: str) -> None:
    given = dispute.parties.fields["address"].class_
    assert class_now(dispute, given, values) == class_
    assert class_now(dispute, dispute.reporter.class_, values) == class_


def test_what_it_hangs_on_is_not_known(dispute: Definition) -> None:
    tree = Tree(by="agency", options={"court": "informant"}, otherwise="contact", has_else=True)
    assert class_now(dispute, tree, {}) == "informant"
    assert class_now(dispute, tree, {"agency": "station"}) == "contact"


def test_an_unknown_class_or_fact_is_told() -> None:
    files = shipped.files_of("dispute_mediation")
    text = (
        files["workflow.yaml"].replace("true: protected", "true: protekted", 1).replace("by: dv", "by: dw", 1)
    )
    loaded = loads(text)
    assert loaded.definition is not None
    found = {
        (f.code, f.path)
        for f in analyse(Outline(loaded.definition), vocabulary=shipped.vocabulary()).findings
    }
    assert ("FM-D105", "parties.fields.address.class.true") in found
    assert ("FM-D105", "parties.fields.address.class.by") in found
