"""Invented districts and what their agents would have reported: recordings with labels. Imports `wire` and nothing else of ours."""
