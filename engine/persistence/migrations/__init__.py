"""Alembic's revisions; each is written in plain SQLAlchemy types and never changes once released."""
