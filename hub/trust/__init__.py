"""The authority at work: kept in step with what the office decides, and what devices are told by it."""
