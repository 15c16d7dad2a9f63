"""The ways by which people and other programs are told."""
