"""What can go wrong with a letter. No text of these shows a secret, nor what the server said: it may repeat one."""


class MailError(Exception):
    """A letter was not taken."""


class MailTrouble(MailError):
    """The server cannot be used now; no other letter would fare better."""


class LetterDelayed(MailError):
    """The server does not take this letter now."""


class LetterRefused(MailError):
    """The server will never take this letter."""
