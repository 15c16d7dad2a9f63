"""The register of schools as an office sends it: read row by row, compared with what is known, before anything changes. Pure."""
