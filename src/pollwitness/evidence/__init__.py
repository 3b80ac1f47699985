"""Evidence that a stranger can verify: archive, custody log, proofs, signatures, timestamps."""
