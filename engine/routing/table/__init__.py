"""Decision tables: who takes a seat, and which grade is proposed, from a ``routing.yaml`` beside a definition.

``model`` what was written, as values · ``written`` reading it, every part with its place · ``cell`` one cell
of a table, as CEL · ``column`` and ``rule`` the parts compiled · ``hit`` the hit policies · ``routing``
asking the tables about a case · ``space`` and ``box`` what a table covers, ``analysis`` what can be proved of
it · ``load`` all of that together · ``page`` the tables for people to read. Pure; see docs/routing.md.
"""

from engine.routing.table.answer import Proposal, Ruling, Unruled
from engine.routing.table.load import Loaded, load_routing, loads_routing
from engine.routing.table.routing import Routing

__all__ = ["Loaded", "Proposal", "Routing", "Ruling", "Unruled", "load_routing", "loads_routing"]
