"""From committed reports to findings, on event time."""
