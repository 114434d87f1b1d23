"""A report says what a run found, how sure it is and what that rests on: in the terminal, as records, as a page."""

from latticework.report.results import Results

__all__ = ["Results"]
