"""Scores what a hub concluded from a recording against what was really so. Knows files, not the hub."""
