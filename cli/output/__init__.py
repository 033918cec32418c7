"""How answers look: tables, documents, moments, colour, progress."""
