"""Whatever loads can be analysed: wrong names anywhere are findings, never exceptions, each with its place."""

import re

from hypothesis import given
from hypothesis import strategies as st

from engine.definitions.analysis import analyse
from engine.definitions.finding import SEVERITY
from engine.definitions.load import loads
from engine.definitions.outline import Outline
from tests.support.sound import SOUND, VOCABULARY

WORDS = [(found.start(), found.end()) for found in re.finditer(r"[a-z][a-z_]{2,}", SOUND)]
OTHER = st.sampled_from(["back", "stay", "any", "system", "anyone", "party", "closed", "file", "true", "zzz"])
NAMED = st.sampled_from(sorted({SOUND[start:end] for start, end in WORDS}))


@given(st.dictionaries(st.sampled_from(WORDS), st.one_of(OTHER, NAMED), min_size=1, max_size=4))
def test_wrong_names_are_told_and_never_raised(changes: dict[tuple[int, int], str]) -> None:
    text = SOUND
    for (start, end), word in sorted(changes.items(), reverse=True):
        text = text[:start] + word + text[end:]
    loaded = loads(text)
    if loaded.definition is None:
        return
    analysis = analyse(
        Outline(loaded.definition), positions=loaded.positions, vocabulary=VOCABULARY, others=[]
    )
    for finding in analysis.findings:
        assert finding.code in SEVERITY
        assert finding.line >= 1
        for lang in ("en", "zh"):
            assert finding.message(lang) not in ("", finding.code)
            assert "{" not in finding.message(lang).replace("{{", "").replace("at: {due", "")
