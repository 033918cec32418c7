"""Evidence: whether what stands in the store is what was written, and what to keep elsewhere to prove it."""

from engine.service.audit.anchoring import anchor
from engine.service.audit.verification import size, verify

__all__ = ["anchor", "size", "verify"]
