"""Invented districts and what their agents would have reported: recordings with labels. Imports nothing of ours but `wire`."""
