"""The way out to a mail server."""
