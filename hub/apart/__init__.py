"""Judging in a process of its own: `python -m hub.apart`, which a hub starts, keeps and ends (docs/adr/0022).

keeper.py is the hub's side of it, judge.py that of the process; lines.py is what they say to each other.
"""
