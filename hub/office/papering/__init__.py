"""What stands on the papers of requests: a builder for each, found in this one table by type of request and form.

A builder is a small module that says what the fields of a form hold; a document without one is only named on the page.
"""

from collections.abc import Mapping

from hub.office.papering.facts import Builder

BUILDERS: Mapping[tuple[str, str], Builder] = {}
"""By type of request and form."""
