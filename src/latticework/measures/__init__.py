"""Measures read numbers off worlds, observed or simulated."""

from latticework.measures.contrast import contrast
from latticework.measures.courses import Course, courses
from latticework.measures.outlook import fan, outlook

__all__ = ["Course", "contrast", "courses", "fan", "outlook"]
