"""The command line: read, analyse, print; one module for each domain."""
