"""An outlook as one self-contained page: a picture and a sentence a tie, what moves them, what happened since."""

from markupsafe import Markup

from latticework.report.basis import assumption_table, inputs_of_focus, sources
from latticework.report.brief import ORIGINS, house
from latticework.report.outlook_chart import tie_charts
from latticework.report.outlook_of_ties import happened, heads, moves, told, verdict, warning
from latticework.report.outlook_result import DayOutlook
from latticework.report.outlook_terminal import assumed_words, title


def outlook_page(found: DayOutlook) -> str:
    """The page as HTML: no scripts, no requests, charts as SVG inside."""
    r, s = found.results, found.results.scenario
    return (
        house()
        .get_template("outlook.html")
        .render(
            found=found,
            results=r,
            title=title(found),
            names={code: r.name_of(code) for code in s.states},
            warning=warning(found),
            heads=heads(found),
            told=list(told(found)),
            charts=[Markup(chart) for chart in tie_charts(found)],
            moves=moves(found),
            happened=happened(found),
            verdict=verdict(found),
            assumed=assumption_table(r),
            assumed_words=assumed_words(found),
            inputs=inputs_of_focus(r),
            sources=sources(r),
            origins=ORIGINS,
        )
    )
