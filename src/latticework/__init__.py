"""Latticework: an open laboratory for alliance networks."""

__version__ = "0.1.0"
