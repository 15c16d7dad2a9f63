"""Why somebody is not let in. failures.py finds the words, or leads to where one signs in."""

from hub.core.people import Permission


class NotSignedIn(Exception):
    """Nobody is signed in, and the route is not for everybody."""


class NotAllowed(Exception):
    """Somebody asks who may not. `permission` is what is missing; None where it is about what belongs to somebody else."""

    def __init__(self, permission: Permission | None) -> None:
        super().__init__(permission)
        self.permission = permission
