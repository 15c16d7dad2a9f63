"""What the agent decides: pure, no clock, no ports."""
