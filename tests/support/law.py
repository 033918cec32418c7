"""The vocabulary that the three drafts of laws are written in."""

from engine.definitions.model import Vocabulary

STANDING = ["pb", "lupon_secretary", "officer", "head", "dispatcher", "director"]
ROLES = [*STANDING, "lupon_member", "mediator_post", "auxiliary", "legal"]
FORMS = """summons settlement award certificate_to_file_action not_covered action_barred counterclaim_barred
    panel_named limitation_runs execution psm_agreement decision agreement rights closing other_remedies urge"""
VOCABULARY = Vocabulary.model_validate(
    {
        "roles": {name: {"title": name, "standing": name in STANDING} for name in ROLES}
        | {name: {"title": name, "outside": True} for name in ("court", "appraiser")},
        "levels": {name: {"title": name} for name in ("station", "county", "city")},
        "links": {n: {"title": n} for n in ("settled_in", "split_from", "merged_into", "escalated_to")},
        "classes": {},
        "forms": {name: {"title": name} for name in FORMS.split()},
    }
)
