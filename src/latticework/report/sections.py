"""A section of a report is a heading, a few sentences and tables: page, Markdown and terminal show the same ones."""

from typing import NamedTuple

from latticework.report.tables import Table


class Section(NamedTuple):
    """Its id on the page, its title, sentences made from the numbers of the run, and tables."""

    id: str
    title: str
    words: tuple[str, ...]
    tables: tuple[Table, ...]
