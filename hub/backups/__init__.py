"""Backups of all that a hub is: database, authority, signed repository, settings; and what becomes of old ones."""
