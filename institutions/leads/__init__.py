"""Compliance leads: what the register gives reason to look at."""
