"""Spare parts and material: what lies where, what moves it, and lists of it as an office sends them. Pure."""
