"""Which repairs are visited together, and in which order."""
