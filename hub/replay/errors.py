"""What can be wrong with a replay; `str` is one line that names the file and the way out.

ReplayMistake
├── CannotRead       the recording is not there, or may not be read
├── CannotWrite      the result cannot be written where it was asked for
└── OtherRecording   the database that was kept belongs to another recording or inventory
"""


class ReplayMistake(Exception):
    """The operator's; nothing was changed."""


class CannotRead(ReplayMistake):
    pass


class CannotWrite(ReplayMistake):
    pass


class OtherRecording(ReplayMistake):
    pass
