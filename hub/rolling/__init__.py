"""Signed releases and their roll-outs in a hub that runs: what people start, computers ask and tell, and time does."""
