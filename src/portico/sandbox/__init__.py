"""The four vendors' own APIs, simulated over HTTP: the independent judge of everything else.

Nothing here knows how Portico maps or talks to vendors; it holds the vendors' side of the contract.
What the contracts leave open and the sandbox had to choose is in README.md beside this file.
"""
