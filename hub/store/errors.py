"""What can be wrong with the store.

StoreError
├── BadStoreUrl        the operator's: no database that we can open is named there
├── StoreUnavailable   the database cannot be reached or written now; trying again can help
├── StoreTooNew        the database was written by a newer release; only that release helps
├── NoScratch          a replay is asked to write into a database that is none of a replay
└── UnreadableBody     what stands in a report's row was not written by us, or is spoilt
"""


class StoreError(Exception):
    """The store cannot do what was asked; `str` is one line for the operator."""


class BadStoreUrl(StoreError):
    pass


class StoreUnavailable(StoreError):
    pass


class StoreTooNew(StoreError):
    pass


class NoScratch(StoreError):
    pass


class UnreadableBody(StoreError):
    pass
