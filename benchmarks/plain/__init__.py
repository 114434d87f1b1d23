"""The whole model in plain NumPy: paths in a batch, dyads as lists of pairs, one file per group of processes."""

from plain.batch import simulate

__all__ = ["simulate"]
