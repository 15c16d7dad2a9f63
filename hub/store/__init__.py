"""The hub's memory: SQLAlchemy Core on SQLite or PostgreSQL. Nothing of SQLAlchemy leaves this package."""
