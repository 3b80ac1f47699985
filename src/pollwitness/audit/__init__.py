"""Recounts of drawn stations: what to recount, and what a recount shows, with a risk limit."""
