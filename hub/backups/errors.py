"""What can be wrong with a backup."""


class BackupMistake(Exception):
    """`str` is one line that names the place and the way out."""
