"""Simulated classroom equipment that speaks the real protocols on real ports; it knows nothing of the agent or the hub."""
