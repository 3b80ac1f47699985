"""Check an announced election result against the evidence that citizens hold.

The library computes and never prints; :mod:`pollwitness.case` reads and writes case folders;
:mod:`pollwitness.cli` is the command line.
"""

__version__ = "0.1.0"
