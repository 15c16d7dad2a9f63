"""What can be wrong with the authority. What a device asks wrongly is a ContractError (provisioning.core.contract).

PkiError
├── PkiUnusable     the operator's: files that are missing, readable by others, spoilt, or cannot be written
└── NoSuchRoot      the operator's: a root that is not there, or is needed
"""


class PkiError(Exception):
    """`str` is one line for the operator, without any secret."""


class PkiUnusable(PkiError):
    pass


class NoSuchRoot(PkiError):
    pass
