"""Bundles: a case sealed so that a stranger can verify it, offline, and compute it again."""
