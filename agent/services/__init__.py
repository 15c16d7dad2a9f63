"""What the agent does in which order, against ports."""
