"""Indications: exact against brute force and Monte Carlo, quiet on honest elections."""
