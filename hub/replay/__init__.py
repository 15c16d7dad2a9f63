"""Recordings played through the code that serves live traffic: same reports, same tickets, as fast as it can (recording.md)."""
