"""How equipment that nobody named is told to be of a profile. Who is asked, where and how long is decided by the agent."""

from firmware_profiles.data import Data, RegularExpression


class Proof(Data):
    """A question whose answer shows that the equipment is of this profile and not of its neighbour.

    answer  regular expression that is found in the answer; values by name are written as lines of name=value
    """

    request: str
    answer: RegularExpression


class Recognise(Data):
    """Equipment is of a profile when it answers the profile's first poll, and nothing here speaks against it.

    probe      false: not asked of strangers, because the question tells nothing or is not harmless for another device
    proof      what must be answered too
    model      what it tells of its model (see identity) must match this somewhere; a match outweighs profiles that have none
    generic    stands back where a profile that is not generic recognises the same device
    announces  names by which it offers itself in the network: SSDP types, mDNS services such as `_http._tcp`
    """

    probe: bool = True
    proof: tuple[Proof, ...] = ()
    model: RegularExpression | None = None
    generic: bool = False
    announces: tuple[str, ...] = ()
