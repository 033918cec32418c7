"""Statutory notices and forms: rendered from a case at one moment of its history, the same for ever.

A template stands with the definition (``forms/<form>.<lang>.html``) and is part of what its hash covers. What it is
rendered to, a piece of plain HTML, is the original: its SHA-256 is kept in the event that served it. The page around
it and the PDF are ways of looking at it.
"""
