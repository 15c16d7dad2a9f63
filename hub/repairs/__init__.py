"""The office's work on a fault, from the report to the hand-over."""
