"""What must be replaced, repaired or watched, and why."""
