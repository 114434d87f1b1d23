"""The brief as Markdown: whole tables, the page's numbers, and no text of a user that Markdown takes for its own."""

import re

import pytest

from latticework.report.brief import content
from latticework.report.markdown import markdown
from tests.report.futures import results
from tests.report.mechanisms import made


@pytest.fixture(scope="module")
def text():
    return markdown(made())


def test_every_table_is_whole(text):
    lines = text.splitlines()
    starts = [n for n, line in enumerate(lines) if re.fullmatch(r"\|( :?-+:? \|)+", line)]
    assert len(starts) > 15
    for n in starts:
        width = len(re.findall(r"(?<!\\)\|", lines[n]))
        block = [lines[n - 1], *iter_block(lines, n + 1)]
        assert len(block) > 1
        assert all(len(re.findall(r"(?<!\\)\|", line)) == width for line in block)


def iter_block(lines: list[str], first: int):
    for line in lines[first:]:
        if not line.startswith("|"):
            return
        yield line


def test_it_says_what_the_page_says(text):
    told = content(made())
    plain = text.replace("\\", "").replace("&lt;", "<").replace("&gt;", ">")
    for finding in told["findings"]:
        assert finding.answer in plain
    for table in (told["glance"], *told["sides"], told["parameters"], told["assumed"]):
        for row in table.rows:
            assert all(cell.text in plain for cell in row)
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert headings[0] == "Answers"
    assert headings[-3:] == ["Limits", "Sources", "How to cite"]


def test_words_of_users_stay_words():
    evil = "<script>alert(1)</script> | *bold* `code` [link](x)"
    text = markdown(results(reason=evil, title=evil))
    assert "<script" not in text
    assert r"\| \*bold\* \`code\` \[link\](x)" in text
