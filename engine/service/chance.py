"""Where chance comes from: the one place that draws, for lots and ``draw``. What was drawn is written down."""

import secrets

SEED_BYTES = 16


def seed() -> str:
    """A fresh seed as text, from the system's own randomness: nobody can choose it or know it beforehand."""
    return secrets.token_hex(SEED_BYTES)
