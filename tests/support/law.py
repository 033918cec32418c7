"""The vocabulary that the two drafts of laws are written in."""

from engine.definitions.model import Vocabulary

STANDING = ["officer", "head", "dispatcher", "director"]
ROLES = [*STANDING, "mediator_post", "auxiliary", "legal"]
FORMS = "psm_agreement decision agreement rights closing other_remedies urge"
VOCABULARY = Vocabulary.model_validate(
    {
        "roles": {name: {"title": name, "standing": name in STANDING} for name in ROLES}
        | {name: {"title": name, "outside": True} for name in ("court", "appraiser")},
        "levels": {name: {"title": name} for name in ("station", "county", "city")},
        "links": {n: {"title": n} for n in ("settled_in", "split_from", "merged_into", "escalated_to")},
        "classes": {name: {"title": name} for name in ("sensitive", "caucus")},
        "forms": {name: {"title": name} for name in FORMS.split()},
    }
)
