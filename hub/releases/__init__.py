"""The repository of signed releases, configurations and profiles (TUF). The only place with tuf in the hub.

Roles and their keys (docs/adr/0017): root and targets sign offline, on the office's own medium; snapshot, timestamp and fleet
sign online, with keys that only the hub's user may read. `targets` vouches for releases, `fleet` for configurations and profiles.
Who may publish, and what a node is to run, others decide.
"""
