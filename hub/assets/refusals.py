"""Why nothing was done with an asset: every fault at once, each with the field that is to blame."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """code   `asset_flaw.<code>` in the catalogues
    field  one of fields.FIELDS or of a component, or empty
    value  what stands there or stands against it, shortened
    """

    code: str
    field: str = ""
    value: str = ""


class AssetWrong(Exception):
    """Undoes everything of its step."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{each.field}: {each.code}" for each in faults))
        self.faults = faults

    @property
    def stale(self) -> bool:
        """Somebody else was quicker."""
        return any(each.code == "stale" for each in self.faults)

    @property
    def missing(self) -> bool:
        """There is no such asset, for whoever asks."""
        return any(each.code == "no-such-asset" for each in self.faults)
