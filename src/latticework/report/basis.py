"""What the outlook rests on: inputs with their age, estimates with their evidence, assumptions with their authors."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pandas as pd

from latticework.measures.outlook import each
from latticework.report.assumed import assumptions
from latticework.report.numbers import MISSING, count, day, decimal, number, years
from latticework.report.results import Results
from latticework.report.tables import Cell, Column, Table
from latticework.scenario.controls import needed_scales

LIMITS = (
    "How such forecasts fared in past years that they had not seen stands beside the tables, where it was scored, and "
    "in full in the backtest (latticework backtest --shipped): where it does not beat a baseline, take the band as "
    "what the model believes. What the branches assume was never scored.",
    "Disputes begin, escalate and end in the simulation, but no war is fought with armies: power, output and "
    "population stand still. Trade, defence effort and agreements move by laws learned from history.",
    "Troops move in hosts with at least a hundred; elsewhere a post stands still until a garrison is opened.",
    "Chances of disputes are for pairs of states that are politically relevant to each other; for others nothing is "
    "said.",
    "The chance of an assumed event is a single number: no band holds the doubt about it. Term limits are known only "
    "where the scenario states them.",
    "The bands hold what the parameters, the sizes of assumptions and chance leave open. They do not hold what the "
    "model leaves out.",
)
SCORE = (
    "Tie strength in the simulation is read off treaties, troops, votes and disputes alone. What exercises, visits, "
    "trade, organisations and embassies show of a tie is in the width of its band, even where they are simulated."
)
LEARNT = (
    "Learnt: the share of the prior's variance that the record took away. Rests on: data-driven if that is more than a "
    "half, from 50 events or more; prior-dominated if less than a fifth; assumed where it is not learnt at all."
)
PARTS = (
    "A tie is read off its parts: the obligation, the chance that an agreement ends, distance in United Nations "
    "votes, and troops. One score of tie strength was not measured in this run, and none is given."
)
SCENARIO = "dated facts of the scenario"
DERIVED = {"peace_years": "dispute", "agreement_age": "agreement"}  # counted from the rows of another layer


def layer_records(results: Results) -> dict[str, Mapping[str, Any]]:
    """The records of the panel's layers by name."""
    return {str(record.get("layer", record.get("name"))): record for record in results.layers}


def inputs_by_layer(results: Results, full: bool = True) -> Table:
    """One row per layer that the worlds start from: how many values, how many of them old or assumed, and how old.

    In full, layers and sources have their long names, else their short ones.
    """
    records, rows = layer_records(results), []
    for name, group in results.inputs.groupby("layer", sort=True):
        record, origins = records.get(DERIVED.get(str(name), str(name)), {}), group["origin"].value_counts()
        given, words = name == "tenure" or not record, str(name).replace("_", " ")
        ids = [str(s) for s in dict.fromkeys(group[group["origin"] != "assumed"]["source"]) if " " not in str(s)]
        source = SCENARIO if given else str(record.get("source")) if full else ", ".join(ids)
        title = str(record.get("title") or words) if full and str(name) not in DERIVED else words
        cells = [title, f"{len(group):,}"]
        cells += [
            f"{int(origins.get(o, 0)):,}" if origins.get(o, 0) else MISSING for o in ("carried forward", "assumed")
        ]
        age = group["age_years"] if name != "tenure" else group["age_years"] * 0  # its dates are first days in office
        newest = results.scenario.baseline - timedelta(days=round(365.25 * float(age.min())))
        cells += [str(newest), years(float(age.max())), source]
        rows.append(tuple(Cell(text) for text in cells))
    columns = ("layer", "values", "carried forward", "assumed", "as of", "oldest", "source")
    numeric = {"values", "carried forward", "assumed", "oldest"}
    note = "Carried forward: the last published value is older than its layer's step and stands for the baseline day."
    return Table(
        "inputs",
        "Observed",
        tuple(
            Column(c, numeric=c in numeric, mark="O" if c == "layer" else "", wraps=c in ("layer", "source"))
            for c in columns
        ),
        tuple(rows),
        note,
    )


def inputs_of_focus(results: Results) -> Table:
    """Every value of the focus states, and of their dyads, that the worlds start from."""
    focus, table = set(results.scenario.focus), results.inputs
    among = table["state"].isin(focus) & (table["partner"].isin(focus) | (table["partner"] == ""))
    chosen = table[among].sort_values(["layer", "state", "partner"], kind="stable")
    rows, seen = [], set()
    for row in each(chosen):
        ends = tuple(sorted((str(row.state), str(row.partner)))) if row.partner else (str(row.state),)
        key = (row.layer, ends, row.value, row.date)
        if key in seen:
            continue
        seen.add(key)
        name = f"{row.state}-{row.partner}" if row.layer in ("troops", "defence_pledge") else "-".join(ends)
        cells = (
            str(row.layer).replace("_", " "),
            name,
            _value(row),
            str(row.date)[:10],
            MISSING if row.layer == "tenure" else years(float(row.age_years)),
            str(row.source),
        )
        mark = {"assumed": "A"}.get(str(row.origin), "O")
        rows.append((*(Cell(text) for text in cells), Cell(str(row.origin), "", mark)))
    columns = ("layer", "state or dyad", "value", "date", "age", "source", "origin")
    return Table(
        "focus-inputs",
        "Inputs of the focus states",
        tuple(Column(c, numeric=c in ("value", "age")) for c in columns),
        tuple(rows),
    )


def _value(row: Any) -> str:
    value = float(row.value)
    return count(value) if row.layer in ("troops", "distance") else number(value, digits=3 if abs(value) < 10 else None)


def estimates_by_process(results: Results) -> Table:
    """One row per process: events, rows and years behind it, and whether the fit converged."""
    rows = []
    for process in results.model:
        estimate = results.posterior.estimate(process.name)
        first, last = (str(end)[:4] for end in estimate.span)
        cells = (
            process.title,
            f"{estimate.events:,}",
            f"{estimate.rows:,}",
            f"{first}–{last}",
            _rests(estimate.records),
            "yes" if estimate.trusted else "NO",
        )
        rows.append(tuple(Cell(text) for text in cells))
    columns = (
        Column("process", numeric=False, mark="E"),
        Column("events"),
        Column("rows"),
        Column("years"),
        Column("rest on", numeric=False),
        Column("converged", numeric=False),
    )
    note = (
        "Coefficients were estimated once, from the panel; sd allow for dependence through states. Rest on: how many "
        "coefficients are data-driven, mixed, prior-dominated and assumed."
    )
    return Table("processes", "Estimated", columns, tuple(rows), note)


def _rests(records: Sequence[Any]) -> str:
    """How many coefficients rest on what, those on data first."""
    kinds = ("data-driven", "mixed", "prior-dominated", "assumed")
    counted = [sum(record.badge == kind for record in records) for kind in kinds]
    return " / ".join(str(number) for number in counted)


def estimates_in_full(results: Results) -> Table:
    """Every coefficient beside the published or re-estimated value to compare it with."""
    rows = []
    for process in results.model:
        estimate = results.posterior.estimate(process.name)
        for coefficient, told in zip(process.coefficients(), estimate.records, strict=True):
            anchor = coefficient.anchor
            published = decimal(anchor.value) if anchor else MISSING
            if anchor and anchor.sd is not None:
                published += f" ({anchor.sd:.2f})"
            where = "; ".join(text for text in (anchor.source, anchor.note) if text) if anchor else ""
            cells = (
                process.title,
                coefficient.name,
                decimal(told.mean),
                f"{told.sd:.2f}",
                f"{told.sd_naive:.2f}",
                coefficient.unit,
                MISSING if told.origin == "assumed" else f"{told.events:,}",
                MISSING if told.origin == "assumed" else decimal(told.contraction),
                told.badge,
                published,
                where or told.because,
            )
            mark = "A" if told.origin == "assumed" else ""
            rows.append((*(Cell(text) for text in cells[:2]), Cell(cells[2], "", mark), *map(Cell, cells[3:])))
    titles = ("process", "effect", "estimate", "sd", "naive sd", "unit", "events", "learnt", "rests on")
    titles = (*titles, "published (sd)", "compared with")
    numeric = {"estimate", "sd", "naive sd", "events", "learnt", "published (sd)"}
    return Table(
        "estimates",
        "All estimates",
        tuple(Column(t, numeric=t in numeric, mark="E" if t == "estimate" else "") for t in titles),
        tuple(rows),
        LEARNT,
    )


def assumption_table(results: Results) -> Table:
    """What is assumed, by whom and why, in units of history; and in which branches.

    One author is named once, below the table.
    """
    made = assumptions(results.scenario, results.branches)
    authors = list(dict.fromkeys(a.assumed_by for a in made))
    rows = []
    for a in made:
        everywhere = set(a.branches) == set(results.branches)
        where = "all branches" if everywhere else ", ".join(results.title_of(b) for b in a.branches)
        by = (a.assumed_by,) if len(authors) > 1 else ()
        cells = (a.id, f"{a.acts}: {a.on}, {a.when}", a.size, where, *by, a.reason, a.source)
        rows.append(tuple(Cell(text) for text in cells))
    titles = ("assumption", "acts on", "size", "in", *(("by",) if len(authors) > 1 else ()), "why", "source")
    columns = tuple(Column(t, numeric=False, mark="A" if t == "assumption" else "") for t in titles)
    note = f"All assumed by {authors[0]}. {_scales(results)}" if len(authors) == 1 else _scales(results)
    return Table("assumptions", "Assumed", columns, tuple(rows), note)


def _scales(results: Results) -> str:
    """How large a unit of history is, for the units that the scenario uses."""
    used = needed_scales(results.scenario)
    sizes = [
        f"{name.split(':')[0].replace('_', ' ')} {number(results.posterior.scales[name])}"
        for name in used
        if name in results.posterior.scales
    ]
    told = (
        "Sizes are drawn once per posterior draw, mean ± sd, in units of history: the usual difference between states, "
        "or the usual shift after a change of leader."
    )
    return f"{told} One unit on the scale of the process: {'; '.join(sizes)}." if sizes else told


def data_ends(results: Results) -> list[tuple[str, str]]:
    """(title, last day used) of the layers that processes and start values rest on; nothing after the baseline."""
    records, baseline = layer_records(results), str(results.scenario.baseline)
    wanted = (
        "dispute",
        "defence",
        "agreement",
        "ideal_point",
        "capability",
        "democracy",
        "troops",
        "leader",
        "election",
    )
    ends = [
        (str(records[n].get("title", n)), min(str(records[n].get("until") or records[n].get("to"))[:10], baseline))
        for n in wanted
        if n in records
    ]
    return sorted(ends, key=lambda pair: pair[1])


def sources(results: Results) -> list[dict[str, str]]:
    """Every source once: its name, version, citation, licence and the layers taken from it."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for name, record in layer_records(results).items():
        key = (str(record.get("source", "")), str(record.get("version", "")))
        entry = found.setdefault(
            key,
            {
                "source": key[0],
                "version": key[1],
                "citation": str(record.get("citation", "")),
                "licence": str(record.get("licence", "")),
                "layers": "",
            },
        )
        entry["layers"] = ", ".join(x for x in (entry["layers"], str(record.get("title") or name)) if x)
    return [found[key] for key in sorted(found)]


def limits(results: Results) -> list[str]:
    """What this run cannot say, and where its data end."""
    ends = "; ".join(f"{title}: {day(end)}" for title, end in data_ends(results))
    first, *others = LIMITS
    return [
        first,
        SCORE if results.ties_measured else PARTS,
        *others,
        *([f"Where data end. {ends}."] if ends else []),
        *(note[:1].upper() + note[1:].replace("_", " ") + "." for note in results.notes),
    ]


def as_records(table: Table) -> list[dict[str, str]]:
    """The rows of a table of text, by column."""
    keys = [" ".join(x for x in (c.branch, c.title) if x) for c in table.columns]
    return [
        dict(zip(keys, (" ".join(x for x in (c.text, c.band, c.mark) if x) for c in row), strict=True))
        for row in table.rows
    ]


def inputs_frame(results: Results) -> pd.DataFrame:
    """The inputs of all states, for the run folder."""
    return results.inputs.reset_index(drop=True)
