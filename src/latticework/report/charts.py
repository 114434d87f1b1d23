"""Charts show quantiles, not paths: fans, chances with their bands, who is still in office, and the net of ties."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from latticework.measures import Course, fan
from latticework.measures.courses import blocs
from latticework.report.chart_style import BRANCHES, INK, SHAPES, SOFT, WIDTH, styled, svg, wrapped
from latticework.report.findings import move
from latticework.report.network import network
from latticework.report.numbers import by_year, chance, day, decimal, joined, persons, the
from latticework.report.outlook_tables import dyads_of_note, hosts_of_note
from latticework.report.results import Results
from latticework.report.tables import Finder

LEAVES = ("leader", "leader leaves office")
DISPUTE = ("dispute", "dispute")
PERCENT = alt.Axis(format="%", tickCount=5)
MOST = 4  # branches in one chart: more cannot be told apart; the tables have all


@dataclass(frozen=True)
class Chart:
    """A finished chart: where it belongs, its finding, and the SVG with its description inside."""

    section: str
    title: str
    svg: str


def charts(results: Results) -> tuple[Chart, ...]:
    """All charts of a brief."""
    finder = Finder(results)
    found = {c.kind + "/" + c.quantity: c for c in _drawn_courses(results)}
    made = [net(results, finder)]
    if "tie/tie strength" in found:
        made += list(strength(results, finder, found["tie/tie strength"]))
    if "troops/troops" in found:
        hosts = [u for u in hosts_of_note(finder) if u[1] in results.scenario.focus]
        made += [troops(results, finder, found["troops/troops"], unit) for unit in hosts]
    if "tie/distance in UN votes" in found:
        made += list(votes(results, finder, found["tie/distance in UN votes"]))
    made.append(leaders(results, finder))
    if _disputed(results, finder):
        made.append(disputes(results, finder))
    return tuple(made)


def picture(results: Results) -> str:
    """One picture for a front page, as SVG: the net of ties and the chances of disputes."""
    finder = Finder(results)
    title, subtitle, left = network(results, finder)
    if not _disputed(results, finder):
        return svg(styled(left, title, subtitle, source(results)), "picture", title, subtitle)
    _, right_subtitle, right = _dots(results, finder, 8)
    both = alt.hconcat(
        left,
        right.properties(
            title=alt.TitleParams(
                wrapped(right_subtitle, 56), anchor="start", fontSize=10.5, fontWeight="normal", color=SOFT
            )
        ),
        spacing=40,
    ).resolve_scale(color="independent", shape="independent")
    return svg(styled(both, title, subtitle, source(results), 2.1), "picture", title, subtitle)


def source(results: Results) -> str:
    """The line under every chart."""
    return (
        f"Latticework {results.version}, {results.scenario.id}, baseline {day(results.scenario.baseline)}; "
        f"{results.paths:,} paths per branch, seed {results.seed}."
    )


def _drawn_courses(results: Results) -> Iterator[Course]:
    wanted = {("troops", "troops"), ("tie", "distance in UN votes"), ("tie", "tie strength")}
    for course in results.courses:
        if (course.kind, course.quantity) in wanted:
            yield course


def drawn_branches(results: Results, most: int = MOST) -> tuple[str, ...]:
    """The branches that charts show: the first, and those that differ most from it in units of its spread."""
    names, sides = results.branches, results.sides
    if len(names) <= most or not len(sides):
        return names[:most]
    told = sides[sides["clear"] & (sides["spread"] > 0)]
    apart = (told["difference"].abs() / told["spread"]).groupby(told["branch"]).sum().to_dict()
    far = sorted(names[1:], key=lambda b: -apart.get(b, 0.0))[: most - 1]
    return tuple(b for b in names if b == names[0] or b in far)


def _titles(results: Results) -> list[str]:
    return [results.title_of(b) for b in drawn_branches(results)]


def _colour(results: Results) -> Any:
    """The colour of each branch that is drawn: the one that it has on the page."""
    scale = {results.title_of(b): BRANCHES[n % len(BRANCHES)] for n, b in enumerate(results.branches)}
    titles = _titles(results)
    return alt.Color("branch:N", scale=alt.Scale(domain=titles, range=[scale[t] for t in titles]), sort=titles)


def _spanned(results: Results, chances: Iterable[float]) -> str:
    """The smallest to the largest of some chances."""
    texts = [chance(c, results.paths) for c in sorted(chances)]
    return texts[0] if texts[0] == texts[-1] else f"{texts[0]} to {texts[-1]}"


def _left_out(results: Results) -> str:
    """What a chart says of the branches that it does not show."""
    rest = len(results.branches) - len(drawn_branches(results))
    return f"; {rest} branches that differ less: see the table" if rest else ""


def _fan_frame(results: Results, course: Course, unit: tuple[str, str]) -> pd.DataFrame:
    """Quantiles by branch and date, the start first: one number if it was observed."""
    u = course.units.index(unit)
    begun = np.full(5, course.start[u]) if course.opening is None else course.opening[:, u]
    parts = []
    for branch in drawn_branches(results):
        quantiles = fan(course, results.branches.index(branch))[:, :, u]
        if np.isfinite(course.start[u]):
            quantiles = np.concatenate([begun[:, None], quantiles], axis=1)
        dates = [str(results.scenario.baseline), *results.dates][-quantiles.shape[1] :]
        part = pd.DataFrame(quantiles.T, columns=["q10", "q25", "q50", "q75", "q90"]).round(4)
        parts.append(part.assign(date=dates, branch=results.title_of(branch)))
    return pd.concat(parts, ignore_index=True)


def _fan(results: Results, frame: pd.DataFrame, axis_title: str, height: int = 150, scale: Any = None) -> Any:
    """A panel per branch: 80 % and 50 % bands, the median, and the observed start as a line across."""
    width = (WIDTH - 76) // min(2, len(drawn_branches(results)))
    base = alt.Chart().encode(
        x=alt.X("date:T", axis=alt.Axis(title=None, format="%Y", tickCount="year", grid=False)),
        color=_colour(results).legend(None),
    )
    y = {"title": axis_title, "scale": scale or alt.Scale(zero=True, nice=True)}
    outer = base.mark_area(opacity=0.22).encode(y=alt.Y("q10:Q", **y), y2="q90:Q")
    inner = base.mark_area(opacity=0.35).encode(y="q25:Q", y2="q75:Q")
    middle = base.mark_line(strokeWidth=2).encode(y="q50:Q")
    start = (
        alt.Chart()
        .mark_rule(color=SOFT, strokeDash=[3, 3])
        .encode(y="q50:Q")
        .transform_filter(f"datum.date === '{results.scenario.baseline}'")
    )
    layers = alt.layer(outer, inner, middle, start, data=alt.Data(values=frame.to_dict("records")))
    facet = alt.Facet("branch:N", sort=_titles(results), header=alt.Header(title=None))
    return layers.properties(width=width, height=height).facet(facet, columns=2)


def troops(results: Results, finder: Finder, course: Course, unit: tuple[str, str]) -> Chart:
    """The fan of the hub's troops in one host."""
    host, last = results.name_of(unit[1]), finder.years[-1]
    cuts = [finder.row(b, "troops", "cut by a fifth or more", unit, last).value for b in results.branches]
    said = _spanned(results, cuts)
    title = f"Troops in {host}: chance of a cut by a fifth {said} by {by_year(last)}"
    start = finder.start("troops", "troops", unit).text
    subtitle = f"Persons; median, 50 % and 80 % bands of the paths; dashed: {start} observed{_left_out(results)}"
    drawn = _fan(results, _fan_frame(results, course, unit), "persons")
    ends = [f"{results.title_of(b)}: {_span(finder, b, 'troops', 'troops', unit, persons)}" for b in results.branches]
    told = f"{subtitle}. At {by_year(last)}: {'; '.join(ends)}."
    return Chart(
        "troops", title, svg(styled(drawn, title, subtitle, source(results)), f"troops-{unit[1].lower()}", title, told)
    )


def _span(finder: Finder, branch: str, kind: str, quantity: str, unit: tuple[str, str], show: Any) -> str:
    row = finder.row(branch, kind, quantity, unit, finder.years[-1])
    return f"{show(row.value)}, 80 % between {show(row.lower)} and {show(row.upper)}"


def strength(results: Results, finder: Finder, course: Course) -> Iterator[Chart]:
    """The fan of the strength of the tie between each focus ally and the hub."""
    s, last, kind = results.scenario, finder.years[-1], ("tie", "tie strength")
    allies, _ = blocs(s.focus, s.hub, s.rival, results.inputs)
    for unit in (u for u in course.units if s.hub in u and set(u) <= set(allies)):
        ally = unit[0] if unit[1] == s.hub else unit[1]
        weaker = [finder.row(b, "tie", "weaker than today", unit, last).value for b in results.branches]
        said = _spanned(results, weaker)
        pair = f"{results.name_of(ally)} and {the(results.name_of(s.hub))}"
        title = f"Tie of {pair}: chance of a weaker one {said} by {by_year(last)}"
        now = finder.start(*kind, unit)
        subtitle = f"Tie strength; median, 50 % and 80 % bands; dashed: {now.text} {now.band} today{_left_out(results)}"
        frame = _fan_frame(results, course, unit)
        drawn = _fan(results, frame, "0 to 100", 110, alt.Scale(domain=_half(frame)))
        ends = [f"{results.title_of(b)}: {_span(finder, b, *kind, unit, persons)}" for b in results.branches]
        told = f"{subtitle}. At {by_year(last)}: {'; '.join(ends)}."
        name = f"strength-{ally.lower()}"
        yield Chart("strength", title, svg(styled(drawn, title, subtitle, source(results)), name, title, told))


def _half(frame: pd.DataFrame) -> list[int]:
    """The half of the scale in which the quantiles lie; all of it if they lie in both."""
    low, high = frame["q10"].min(), frame["q90"].max()
    return [50, 100] if low >= 50 else [0, 50] if high <= 50 else [0, 100]


def votes(results: Results, finder: Finder, course: Course) -> Iterator[Chart]:
    """The fan of the distance in UN votes between each focus ally and the hub, and the rival."""
    s, last, kind = results.scenario, finder.years[-1], ("tie", "distance in UN votes")
    allies, _ = blocs(s.focus, s.hub, s.rival, results.inputs)
    for ally in (a for a in s.focus if a in allies and a != s.hub):
        for centre in (s.hub, s.rival):
            unit = next((u for u in course.units if set(u) == {ally, centre}), None)
            if unit is None:
                continue
            title = f"{results.name_of(ally)} to {results.name_of(centre)}: {move(finder, kind, unit)} in UN votes"
            subtitle = (
                f"Distance between ideal points; median, 50 % and 80 % bands; dashed: last session{_left_out(results)}"
            )
            drawn = _fan(
                results, _fan_frame(results, course, unit), "ideal points", 110, alt.Scale(zero=False, nice=True)
            )
            ends = [f"{results.title_of(b)}: {_span(finder, b, *kind, unit, decimal)}" for b in results.branches]
            told = f"{subtitle}. At {by_year(last)}: {'; '.join(ends)}."
            name = f"votes-{ally.lower()}-{centre.lower()}"
            yield Chart("alignment", title, svg(styled(drawn, title, subtitle, source(results)), name, title, told))


def _chances(
    results: Results, finder: Finder, kind: tuple[str, str], units: Iterable[tuple[str, str]], date: str
) -> pd.DataFrame:
    rows = []
    for unit in units:
        for branch in drawn_branches(results):
            row = finder.row(branch, *kind, unit, date)
            label = "-".join(sorted(unit)) if unit[1] else unit[0]
            rows.append(
                {
                    "unit": label,
                    "branch": results.title_of(branch),
                    "value": row.value,
                    "lower": row.lower,
                    "upper": row.upper,
                }
            )
    return pd.DataFrame(rows).round(5)


def _disputed(results: Results, finder: Finder) -> list[tuple[str, str]]:
    """The dyads of note that can have a dispute, the likeliest in the first branch first."""
    pairs = [u for u in dyads_of_note(finder, *DISPUTE) if finder.has(*DISPUTE, u) and "+" not in "".join(u)]
    return sorted(pairs, key=lambda u: -finder.row(results.branches[0], *DISPUTE, u, finder.years[-1]).value)


def _dots(results: Results, finder: Finder, shown: int = 14) -> tuple[str, str, Any]:
    """Title, subtitle and chart of the chances of disputes by dyad and branch."""
    pairs, last = _disputed(results, finder), finder.years[-1]
    frame = _chances(results, finder, DISPUTE, pairs[:shown], last)
    order, titles = list(dict.fromkeys(frame["unit"])), _titles(results)
    rows = alt.Y("unit:N", sort=order, title=None, axis=alt.Axis(grid=False, ticks=False, domain=False))
    offset = alt.YOffset("branch:N", sort=titles, scale=alt.Scale(domain=titles, paddingOuter=0.3))
    base = alt.Chart(alt.Data(values=frame.to_dict("records"))).encode(y=rows, yOffset=offset, color=_colour(results))
    bars = base.mark_rule(strokeWidth=2).encode(x=alt.X("lower:Q", title=None, axis=PERCENT), x2="upper:Q")
    shape = alt.Shape("branch:N", scale=alt.Scale(domain=titles, range=list(SHAPES[: len(titles)])), sort=titles)
    dots = base.mark_point(filled=True, size=55, opacity=1).encode(x="value:Q", shape=shape)
    most = finder.row(results.branches[0], *DISPUTE, pairs[0], last)
    two = joined([the(results.name_of(state)) for state in pairs[0]])
    title = f"A dispute is likeliest between {two}: {chance(most.value, results.paths)}"
    what = f"Chance of at least one militarised dispute by {by_year(last)}"
    subtitle = f"{what}; bars: 80 % band of the parameters{_left_out(results)}"
    return title, subtitle, (bars + dots).properties(width=WIDTH - 70, height=alt.Step(9 if len(titles) > 1 else 20))


def disputes(results: Results, finder: Finder) -> Chart:
    """Chances of disputes by dyad and branch, with bands."""
    title, subtitle, drawn = _dots(results, finder)
    return Chart(
        "disputes",
        title,
        svg(
            styled(drawn, title, subtitle, source(results)),
            "disputes",
            title,
            subtitle + ". The numbers are in the table of disputes.",
        ),
    )


def leaders(results: Results, finder: Finder) -> Chart:
    """The chance that the leader of the baseline day is still in office, quarter by quarter, in the first branch."""
    base, last = results.branches[0], finder.years[-1]
    stays = {
        s: [1.0] + [1 - finder.row(base, *LEAVES, (s, ""), d).value for d in results.dates]
        for s in results.scenario.focus
        if finder.has(*LEAVES, (s, ""))
    }
    dates = [str(results.scenario.baseline), *results.dates]
    rows = [
        {"state": s, "date": d, "stays": round(v, 4)} for s, vs in stays.items() for d, v in zip(dates, vs, strict=True)
    ]
    x = alt.X("date:T", axis=alt.Axis(title=None, format="%Y", tickCount="year", grid=False))
    y = alt.Y("stays:Q", title=None, axis=PERCENT, scale=alt.Scale(domain=[0, 1]))
    lines = alt.Chart(alt.Data(values=rows)).mark_line(interpolate="step-after", strokeWidth=1.8, color=BRANCHES[0])
    names = alt.Chart(alt.Data(values=_labels(stays, dates[-1]))).mark_text(
        align="left", dx=6, fontSize=10.5, color=INK
    )
    drawn = lines.encode(x=x, y=y, detail="state:N") + names.encode(x="date:T", y="place:Q", text="state:N")
    gone = [results.name_of(s) for s, values in stays.items() if values[-1] < 0.5]
    title = "Every leader is more likely to stay than to go"
    if gone:
        title = f"More likely gone than not by {by_year(last)}: the leaders of {joined([the(name) for name in gone])}"
    subtitle = (
        f"Chance that the leader of {day(results.scenario.baseline)} is still in office, “{results.title_of(base)}”"
    )
    told = f"{subtitle}. The numbers are in the table of leaders."
    whole = styled(drawn.properties(width=WIDTH - 80, height=220), title, subtitle, source(results))
    return Chart("leaders", title, svg(whole, "leaders", title, told))


def _labels(stays: dict[str, list[float]], date: str) -> list[dict[str, Any]]:
    """Where the states' names stand at the right, kept apart by at least six points of a hundred."""
    places: list[dict[str, Any]] = []
    for state, values in sorted(stays.items(), key=lambda item: item[1][-1]):
        lowest = places[-1]["place"] + 0.06 if places else 0.0
        places.append({"state": state, "date": date, "place": max(values[-1], lowest)})
    return places


def net(results: Results, finder: Finder) -> Chart:
    """The focus states, their pacts and where disputes are likely."""
    title, subtitle, drawn = network(results, finder)
    return Chart("disputes", title, svg(styled(drawn, title, subtitle, source(results)), "network", title, subtitle))
