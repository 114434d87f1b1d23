"""The ways in which records can be printed."""

from enum import StrEnum


class Format(StrEnum):
    """How records are printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
