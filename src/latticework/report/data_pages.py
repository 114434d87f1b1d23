"""The page of the data, written from the panel: every layer with a picture of its coverage, its source and terms."""

import inspect
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd

from latticework.data.catalogue import layers
from latticework.data.coverage import coverage, given, hub_of, last_year
from latticework.data.dense import DYAD_DERIVED, FROM, OF_PACTS, STATE_DERIVED
from latticework.data.files import PANEL
from latticework.data.grid import LASTING
from latticework.data.read import get
from latticework.report.coverage_charts import picture, sparkline, text_bars, told

HEAD = "<!-- Written by `make docs` from the panel: change the layers there, not this page. -->"
WIDTH = 110
SOURCES_SHOWN = 4
FACT = "fact:"  # how the source of a row that rests on a single dated fact begins
FIXED, LEAST = 31, (15, 12)  # columns of a listing: years, rows and gaps; the least for what a layer is, and its source
KINDS = {"state": "Layers of states", "dyad": "Layers of dyads"}
FORMS = {
    "annual": "one value a year",
    "quarterly": "one value a quarter, dated its last day",
    "spells": "spells, from a first to a last day (`end`; empty if open when the source ended)",
}
EXAMPLES = {"state": (("JPN",), ("KOR",), ("USA",)), "dyad": (("JPN", "USA"), ("CHN", "JPN"), ("PRK", "RUS"))}
Records = Iterable[Mapping[str, Any]]


def pages(commands: Mapping[str, str], folder: Path = PANEL) -> dict[str, str]:
    """The page `data.md` and the pictures in it, by file name; `commands` says what each command on the data does."""
    found = {record["layer"]: coverage(record["layer"], folder) for record in layers(folder)}
    drawn = {f"data/{r['layer']}.svg": picture(r, found[r["layer"]]) for r in layers(folder)}
    return {"data.md": _page(found, commands, folder)} | drawn


def listing(records: Records, width: int = 100, folder: Path | None = None) -> pd.DataFrame:
    """A row per layer for a terminal of `width` columns, from the catalogue's records: two lines for each layer.

    `what` holds title and unit, `covers` first and last year and a block per decade since the 1950s (a dot for none),
    `source, terms` source and licence. What does not fit is cut, for `shown` tells all.
    """
    records = tuple(records)
    names = max((len(record["layer"]) for record in records), default=0)
    free = max(width - names - FIXED, sum(LEAST))
    what = max(LEAST[0], round(0.55 * free))
    rows = [
        {
            "layer": record["layer"],
            "what": _two_lines(record["title"], f"{_units(record)}: {record['unit']}", what),
            "covers": f"{_years(record)}\n{sparkline(coverage(record['layer'], folder)['share'])}",
            "rows": record["rows"],
            "source, terms": _two_lines(record["source"], record["licence"], free - what),
        }
        for record in records
    ]
    return pd.DataFrame(rows, columns=["layer", "what", "covers", "rows", "source, terms"])


def shown(record: Mapping[str, Any], folder: Path | None = None) -> pd.DataFrame:
    """Everything about one layer as rows of `key` and `value`, with its coverage by decade as bars of text."""
    name = record["layer"]
    hub = hub_of(name, folder)
    units = f"dyads of {hub}" if hub else f"{record['kind']}s"
    bars = text_bars(coverage(name, folder), units)
    facts = {"title": record["title"]} | {k.lower(): v for k, v in _facts(record, folder)}
    facts |= {"traps": "\n".join(f"- {trap}" for trap in record["traps"]), "by decade": bars}
    facts["get it"] = _command(record, folder)
    told = {key: value.replace("`", "") for key, value in facts.items() if value}
    return pd.DataFrame({"key": list(told), "value": list(told.values())})


def _page(found: Mapping[str, pd.DataFrame], commands: Mapping[str, str], folder: Path) -> str:
    parts = [HEAD, "# Data", *_introduction(folder), "## Where the data end", *_ends(folder), "## All layers"]
    for kind, title in KINDS.items():
        parts += [f"**{title}**", _overview([r for r in layers(folder) if r["kind"] == kind], found)]
    for kind, title in KINDS.items():
        parts += [f"## {title}"]
        parts += [p for r in layers(folder) if r["kind"] == kind for p in _entry(r, found[r["layer"]], folder)]
    return "\n\n".join([*parts, "## Derived layers", *_derived(), "## Commands", *_doing(commands)]) + "\n"


def _introduction(folder: Path) -> Iterator[str]:
    yield _filled(
        "A **layer** is one observed quantity, of states or of dyads (pairs of states), since 1950: a long table with "
        "the columns `date`, `state`, (`partner`,) `value`, `source` and what else the layer has. Undirected dyads "
        "come once, with `state` before `partner` in the alphabet; in a directed layer the row is of what `state` does "
        "or says towards `partner`. A state has one ISO3 code through time."
    )
    yield _filled(
        "**Missing is not zero.** A value that is not known has no row. Where a source is a complete list, as of "
        "alliances or disputes, no row means zero, but only within its coverage: of each layer it is said which of the "
        "two holds."
    )
    yield _filled(
        "**As known on a day.** A figure of 2020 was not known on the last day of 2020. Each layer says how long after "
        "its date a figure could first be known, and `--as-known-on` (in Python `as_known_on`) leaves out what could "
        "not be. This is the order in which figures came; the figures are those of the edition named, which may have "
        "been revised since."
    )
    yield _filled(
        "**Coverage.** The pictures show, by decade, the share of state-years (dyad-years) of which the layer says "
        "something. A state counts in a year if it existed on 31 December, and dyads if both did; the last decade "
        f"runs to {last_year(folder)}. Under the bars stands of how many states or dyads something is known, or, of a "
        "complete list, how many rows it has. A complete list of events is taken to be complete for the states that "
        "it names; a layer about one state is measured on that state's dyads. `latticework data list` and `show` tell "
        "the same."
    )
    yield _filled(
        "**To cite.** The layers are our own variables, computed from the work of others, whose terms hold for them. "
        "Cite the source that stands with the layer, and the row's own `source` where it names another. "
        "[NOTICE](../NOTICE) lists all of them."
    )


def _ends(folder: Path) -> Iterator[str]:
    yield _filled(
        "After the day on which a layer ends nothing is known from it, and the panel says so: a later cell is missing. "
        f"(Only what {_links(r for r in layers(folder) if r['layer'] in LASTING)} say last is taken to hold on.)"
    )
    ordered = sorted(layers(folder), key=lambda record: record["to"])
    rows = [(last, _links(same)) for last, same in groupby(ordered, key=lambda record: record["to"])]
    yield _table(("last day", "layers"), rows)
    sooner = [record for record in layers(folder) if "known_to" in record["extras"]]
    if sooner:
        yield _filled(
            f"For some states the end comes sooner: the column `known_to` of {_links(sooner)} has the last day of each."
        )
    doubted = [record for record in layers(folder) if "confidence" in record["extras"]]
    carried = [record for record in doubted if given(record["layer"], folder)["carried"].any()]
    if carried:
        yield _filled(
            f"Some go on after the end of their main source with what was then in force: the rows of {_links(carried)} "
            "with `carried` in the column `confidence` ran when that source ended, and nothing later confirms them."
        )


def _overview(records: Records, found: Mapping[str, pd.DataFrame]) -> str:
    rows, decades = [], ""
    for record in records:
        covered = found[record["layer"]]
        decades = f"{covered['decade'].iloc[0]} to {covered['decade'].iloc[-1]}"
        blocks, count = f"`{sparkline(covered['share'])}`", f"{record['rows']:,}"
        rows.append((_link(record), _safe(record["title"]), blocks, count, _safe(record["source"])))
    return _table(("layer", "what it is", decades, "rows", "source"), rows)


def _entry(record: Mapping[str, Any], covered: pd.DataFrame, folder: Path) -> Iterator[str]:
    """One layer: title, picture, what it is, traps, and the command to get it."""
    name = record["layer"]
    yield f"### {name}"
    yield f"**{_safe(record['title'])}**"
    yield f"![{told(name, covered)}](data/{name}.svg)"
    yield "\n".join(_item(f"**{key}:** {_safe(value)}") for key, value in _facts(record, folder) if value)
    if record["traps"]:
        yield "Traps:"
        yield "\n".join(_item(_safe(trap)) for trap in record["traps"])
    yield f"```sh\n{_command(record, folder)}\n```"


def _facts(record: Mapping[str, Any], folder: Path | None) -> Iterator[tuple[str, str]]:
    """What there is to say of a layer, in the order of a reader's questions; what is empty has nothing to say."""
    yield "Unit", record["unit"]
    yield "Form", _form(record, folder)
    yield "Covers", record["coverage"]
    yield "Rows", f"{record['rows']:,}, {record['from']} to {record['to']}{_given(record, folder)}"
    yield "No row", _absent(record)
    yield "First known", _lag(record)
    yield "Source", record["source"]
    yield "Version", record["version"]
    yield "Cite", record["citation"]
    yield "Terms", record["licence"]
    yield "What was done", record["transformation"]
    yield "Further columns", ", ".join(f"`{column}` ({kind})" for column, kind in record["extras"].items())


def _form(record: Mapping[str, Any], folder: Path | None) -> str:
    dated = "events on their day" if record.get("event") else "values on the day for which they hold"
    form = FORMS.get(record["frequency"], dated)
    if record["frequency"] == "annual" and record["from"][5:] == record["to"][5:] == "12-31":
        form += ", dated 31 December"
    hub = hub_of(record["layer"], folder)
    return f"{_units(record)}; {form}" + (f"; every row is of {hub}" if hub else "")


def _units(record: Mapping[str, Any]) -> str:
    if record["kind"] == "state":
        return "states"
    return "directed dyads" if record["directed"] else "dyads"


def _given(record: Mapping[str, Any], folder: Path | None) -> str:
    """How many rows came from each source and of which years, where there are several; facts are told together."""
    found = given(record["layer"], folder)
    named = [str(name) for name in found["source"]]
    found["source"] = ["facts" if name.startswith(FACT) else f"`{_cut(name, 40)}`" for name in named]
    parts = found.groupby("source", as_index=False).agg({"rows": "sum", "first": "min", "last": "max"})
    if len(parts) == 1:
        return "; each row names its fact" if parts["source"][0] == "facts" else ""
    parts = parts.sort_values(["rows", "source"], ascending=[False, True]).to_dict("records")
    told = [f"{p['source']} {p['rows']:,} ({_span(str(p['first']), str(p['last']))})" for p in parts[:SOURCES_SHOWN]]
    rest = len(parts) - len(told)
    return f"; from {', '.join(told)}" + (f" and {rest} more sources" if rest else "")


def _absent(record: Mapping[str, Any]) -> str:
    if record["absent"] == "zero":
        return "means zero up to the last day: the list is complete"
    return "means that the value is not known"


def _lag(record: Mapping[str, Any]) -> str:
    """When a figure could first be known, in words."""
    if "known" in record["extras"]:
        return "row by row, on the day in the column `known`"
    months = record.get("lag", 0)
    when = "on its date" if not months else f"{months} {'month' if months == 1 else 'months'} after its date"
    later = ", ".join(f"`{column}`" for column in record.get("hindsight", ()))
    return when + (f"; {later} when the spell has ended" if later else "")


def _command(record: Mapping[str, Any], folder: Path | None) -> str:
    """The command that prints some of the layer's rows."""
    name = record["layer"]
    some = next((states for states in EXAMPLES[record["kind"]] if len(get(name, states, folder=folder))), ())
    return f"latticework data get {name}" + (f" --states {','.join(some)}" if some else "")


def _derived() -> Iterator[str]:
    yield _filled(
        "`latticework.data.load_panel` (arrays), `load_dataset` (xarray) and `load_snapshot` (one day) put the layers "
        "on a grid of years or quarters: a level as of the day, events as their sum over the step that ends on it. "
        "Beside them stand layers that follow from others:"
    )
    kinds = {"Of states": STATE_DERIVED, "Of dyads": DYAD_DERIVED, "Of agreements of many": OF_PACTS}
    for title, makers in kinds.items():
        rows = [(f"`{name}`", f"`{FROM.get(name, name)}`", _first(make)) for name, make in makers.items()]
        yield f"**{title}**"
        yield _table(("derived layer", "from", "what it is"), rows)


def _doing(commands: Mapping[str, str]) -> Iterator[str]:
    yield _table(("command", "does"), [(f"`{usage}`", _safe(text)) for usage, text in commands.items()])
    yield _filled(
        "The published tables that the panel is built from are not part of it: name the folders in which your copies "
        "lie, one `--inputs` for each. The same tables give the same bytes; a table that is not what its layer says "
        "stops the build, and nothing is replaced. How to write a new source: "
        "[CONTRIBUTING](../CONTRIBUTING.md#add-a-source)."
    )
    yield "```sh\nlatticework data build --inputs DIR --inputs FACTS\nlatticework data verify\n```"


def _first(make: object) -> str:
    """The first paragraph of a docstring on one line."""
    return _safe((inspect.getdoc(make) or "").split("\n\n")[0].replace("\n", " "))


def _years(record: Mapping[str, Any]) -> str:
    return _span(max(record["from"], "1950"), record["to"])


def _span(first: str, last: str) -> str:
    """The years of two days; one of them if they are the same."""
    return first[:4] if first[:4] == last[:4] else f"{first[:4]}–{last[:4]}"


def _two_lines(first: str, second: str, width: int) -> str:
    return f"{_cut(first, width)}\n{_cut(second, width)}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1].rstrip()}…"


def _link(record: Mapping[str, Any]) -> str:
    return f"[{record['layer']}](#{record['layer']})"


def _links(records: Records) -> str:
    return ", ".join(map(_link, records))


def _safe(text: str) -> str:
    """Text without what Markdown would take for a sign of its own; code in backticks stays as it is."""
    return re.sub(r"(`[^`]*`)|([\\|*<~$])", lambda m: m.group(1) or f"\\{m.group(2)}", text)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [tuple(head), *map(tuple, rows)]
    lines.insert(1, ("---",) * len(lines[0]))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _item(text: str) -> str:
    return _filled(text, "- ", "  ")


def _filled(text: str, first: str = "", rest: str = "") -> str:
    """A paragraph in lines of at most WIDTH letters, none of which starts as a list or a heading would."""
    filled = textwrap.fill(
        text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
    filled = re.sub(r"\n( *)([-+#>=]+)(?=\s)", r"\n\1\\\2", filled)
    return re.sub(r"\n( *)(\d+)([.)])(?=\s)", r"\n\1\2\\\3", filled)
