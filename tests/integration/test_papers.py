"""Notices and documents: served with the act, the same for ever, held against the digest that the case keeps."""

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from engine.definitions.load import Loaded, loads
from engine.domain.errors import FolkmootError
from engine.papers.check import check_forms
from engine.papers.fragment import digest
from engine.persistence.store import Store
from engine.service import acting, audit, definition, filing, papers, party
from tests.integration.test_correcting import NO
from tests.support.sown import grown
from tests.support.town import Town
from workflows.shipped import files_of

FILES = files_of("dispute_mediation")
TEXT = FILES["workflow.yaml"].replace('version: "2026.1"', 'version: "2027.1"')
ZH = FILES["zh.yaml"]
PARTIES = [{"role": "claimant", "name": "Asha <b>"}, {"role": "respondent", "name": "王某"}]
FORMS = {
    "rights_notice.en.html": (
        "<h1>{{ form }}</h1><p>{{ ref }}, {{ filed }}</p>"
        "{% for p in parties %}<p>{{ p.role }}: {{ p.name }}</p>{% endfor %}"
        "<p>{{ titles.category }}: {{ fields.category }}. {{ clocks.consent.due }}. {{ records.session.place }}</p>"
    ),
    "rights_notice.zh.html": "<h1>{{ form }}</h1><p>{% for p in parties %}{{ p.role }}:{{ p.name }};{% endfor %}</p>",
    "mediation_agreement.zh.html": (
        "<h1>{{ form }}</h1><p>{{ records.agreement.terms }}</p>"
        "{% for s in records.agreement.signatures %}<p>{{ s.who }}</p>{% endfor %}"
    ),
}


@pytest.fixture
def town(store: Store) -> Town:
    return grown(store, "forms of our own", _with_forms, lambda there: Town(there, seeded=True))


def _with_forms(store: Store) -> Town:
    made = Town(store)
    made.do(definition.activate, "adm-01", loaded=read(FORMS))
    return made


def read(forms: dict[str, str]) -> Loaded:
    loaded = loads(TEXT, translations={"zh": ZH}, forms=forms)
    assert loaded.definition is not None, [f.message() for f in loaded.findings][:3]
    return loaded


def screened(town: Town) -> str:
    given = {"case_type": "dispute_mediation", "place": "230199000201", "what": "a wall", "parties": PARTIES}
    ref = str(town.do(filing.file_case, "dsp-01", **given)["ref"])
    answers = {"screening_form": [{**NO, "prior_reports": 0}]}
    said = {"set": {"risk": "yellow", "category": "neigh"}, "records": answers}
    town.do(acting.do_act, "dsp-01", ref=ref, act="screen", **said)
    return ref


def asked(town: Town) -> str:
    """A dispute whose parties were told of their rights."""
    ref = screened(town)
    town.do(acting.do_act, "dsp-01", ref=ref, act="ask_consent")
    return ref


def shown(town: Town, ref: str, no: int = 1, **given: Any) -> Any:
    return town.ask(papers.show, "dsp-01", ref=ref, no=no, **given)


def test_what_an_act_serves_is_on_the_list_with_its_digest(town: Town) -> None:
    ref = asked(town)
    [one] = town.ask(papers.list_papers, "dsp-01", ref=ref)["items"]
    assert (one["form"], one["act"], one["to"], one["languages"]) == (
        "rights_notice", "ask_consent", ["P1", "P2"], ["en", "zh"],
    )  # fmt: skip
    page = shown(town, ref, language="en")
    assert page["sha256"] == one["sha256"]["en"]
    body = page["content"].partition("<body>\n")[2].partition("<footer>")[0]
    assert digest(body) == page["sha256"]
    assert town.ask(audit.verify, "adm")["breaks"] == []


def test_it_says_what_the_case_says_in_words_and_runs_nothing_that_stands_in_it(town: Town) -> None:
    page = shown(town, asked(town), language="en")["content"]
    assert "<p>Claimant: Asha &lt;b&gt;</p>" in page
    assert "Monday 23 November 2026, 08:00" in page
    # asked on Mon 23 Nov 2026, three working days end on Thu 26 Nov
    assert "Thursday 26 November 2026, 24:00" in page
    assert "________" in page  # no session yet


def test_the_pdf_is_read_by_another_reader_in_chinese(town: Town) -> None:
    paper = shown(town, asked(town), kind="pdf", language="zh")
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(paper["content"])).pages)
    assert "调解权利义务告知书" in text
    assert "被申请人:王某" in text.replace("\n", "")
    assert paper["sha256"] in text


def test_it_stays_the_same_whatever_happens_later(town: Town) -> None:
    ref = asked(town)
    before = [shown(town, ref, kind=kind, language="zh")["content"] for kind in papers.KINDS]
    town.pass_(days=1)
    town.do(party.change, "dsp-01", ref=ref, no="P2", fields={"name": "王某某"})
    assert [shown(town, ref, kind=kind, language="zh")["content"] for kind in papers.KINDS] == before


def test_an_agreement_is_written_up_when_everybody_has_signed(town: Town) -> None:
    ref = asked(town)
    yes = [{"party": no, "decision": "given"} for no in ("P1", "P2")]
    town.do(acting.record, "aux-07", ref=ref, kind="consent", items=yes)
    town.do(acting.do_act, "dir-02", ref=ref, act="assign", seats={"mediator": ["med-12"]})
    town.do(acting.do_act, "med-12", ref=ref, act="accept_mediator")
    town.do(acting.do_act, "med-12", ref=ref, act="open_session")
    held = {"starts": "2026-11-23T08:00:00+08:00", "place": "village committee", "result": "held"}
    agreed = {"facts": "the wall", "terms": "拆除围墙"}
    town.do(
        acting.do_act, "med-12", ref=ref, act="conclude", records={"session": [held], "agreement": [agreed]}
    )
    for signer in ("P1", "P2"):
        town.do(acting.do_act, "med-12", ref=ref, act="sign_agreement", set={"by": signer})
    assert town.ask(papers.list_papers, "dsp-01", ref=ref)["count"] == 1
    town.do(acting.do_act, "med-12", ref=ref, act="sign_agreement", set={"by": "med-12"})
    paper = town.ask(papers.list_papers, "dsp-01", ref=ref)["items"][-1]
    assert (paper["form"], paper["record"]) == ("mediation_agreement", "agreement-1")
    page = shown(town, ref, paper["no"], language="zh")["content"]
    assert "拆除围墙" in page
    assert "P2 王某" in page


def test_a_history_that_was_changed_no_longer_gives_the_paper(town: Town) -> None:
    ref = asked(town)

    def alter(unit: Any, caller: Any) -> dict[str, Any]:
        unit.begin()
        unit.connection.execute("UPDATE event SET body = replace(body, '王某', '李某') WHERE seq = 1")
        return {}

    town.do(alter, "adm-01")
    with pytest.raises(FolkmootError) as error:
        shown(town, ref, language="zh")
    assert error.value.code == "FM-V020"


@pytest.mark.parametrize(
    ("given", "code"),
    [({"no": 9}, "FM-N036"), ({"kind": "doc"}, "FM-U247"), ({"no": 1, "language": "fr"}, "FM-U246")],
)
def test_what_there_is_not_is_told(town: Town, given: dict[str, Any], code: str) -> None:
    ref = asked(town)
    with pytest.raises(FolkmootError) as error:
        shown(town, ref, **given)
    assert error.value.code == code


def test_a_dry_run_serves_nothing(town: Town) -> None:
    ref = screened(town)
    town.do(acting.do_act, "dsp-01", ref=ref, act="ask_consent", dry_run=True)
    assert town.ask(papers.list_papers, "dsp-01", ref=ref)["count"] == 0
    town.do(acting.do_act, "dsp-01", ref=ref, act="ask_consent")
    assert town.ask(papers.list_papers, "dsp-01", ref=ref)["count"] == 1


# ---- templates are checked before they may serve -------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "code", "said"),
    [
        ("rights_notice.en.html", "{{ fields.categry }}", "FM-D805", "categry"),
        ("rights_notice.en.html", "{{ moon }}", "FM-D805", "moon"),
        ("rights_notice.en.html", "<p>\n{% for %}", "FM-D805", "line 2"),
        ("rights_notice.en.html", "{{ records.session.colour }}", "FM-D805", "colour"),
        ("rights_notice.en.html", "{{ fields.dv }}", "FM-D701", "dv"),
        ("rights_notice.en.html", "{{ records.caucus.notes }}", "FM-D701", "caucus"),
    ],
)
def test_a_template_says_only_what_there_is_and_may_be_said(
    name: str, text: str, code: str, said: str
) -> None:
    found = [f for f in check_forms(_definition({**FORMS, name: text})) if f.code == code]
    assert [said in f.message("en") for f in found] == [True]


def test_a_form_without_a_template_is_told_where_others_have_one() -> None:
    lacking = {f.params["form"] for f in check_forms(_definition(FORMS)) if f.code == "FM-D804"}
    assert "rights_notice" not in lacking
    assert {"mediation_agreement", "closing_notice"} <= lacking
    assert list(check_forms(_definition({}))) == []


def _definition(forms: dict[str, str]) -> Any:
    return read(forms).definition
