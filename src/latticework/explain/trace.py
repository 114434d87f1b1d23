"""A trace follows a number back: its band, what drives it, and the assumptions, estimates and inputs behind it."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from latticework.errors import UnknownNameError
from latticework.explain import beside
from latticework.explain.ids import LAYERS, PROCESSES, unit_of, word

COLUMNS = ("part", "what", "value", "lower", "upper", "unit", "says", "origin", "source")
NUMBERS = ("outlook", "contrast", "sides", "variance")  # tables whose rows are numbers of branches
Tables = Mapping[str, pd.DataFrame]
Row = dict[Any, Any]


def listed(tables: Tables) -> pd.DataFrame:
    """The ids that can be explained, the headlines first: id, what it is, value, band, unit, origin."""
    found: dict[str, Row] = {}
    told = {str(r["id"]): r for name in NUMBERS[:-1] for r in reversed(_rows(tables, name))}
    for row in _rows(tables, "variance"):
        here = told.get(str(row["id"]), row)
        found[row["id"]] = {"headline": True, **_number(here), "says": row["says"]}
    for row in (*told.values(), *beside.numbers(tables)):
        found.setdefault(row["id"], {"headline": False, **_number(row), "says": ""})
    for row in _rows(tables, "audit"):
        found[f"claim:{row['id']}"] = {"headline": False, "value": row["value"], "says": row["claim"]}
    for row in _rows(tables, "assumptions"):
        found[f"assumption:{row['id']}"] = {"headline": False, "value": None, "says": row["reason"]}
    for row in _rows(tables, "parameters"):
        found[f"parameter:{row['parameter']}"] = {"headline": False, "value": row["mean"], "says": row["because"]}
    table = pd.DataFrame([{"id": key, **row} for key, row in found.items()])
    return table[["id", "headline", "value", "lower", "upper", "unit", "origin", "says"]]


def traced(tables: Tables, number: str, where: str) -> pd.DataFrame:
    """Everything that a run says of a number, a row per part (columns: COLUMNS); UnknownNameError with suggestions."""
    kind, _, rest = number.partition(":")
    rows = {
        "claim": lambda: _records(tables, "audit", rest),
        "assumption": lambda: _assumption(tables, rest),
        "parameter": lambda: (_parameter(r) for r in _rows(tables, "parameters") if r["parameter"] == rest),
        "estimate": lambda: _estimate(tables, rest),
        "input": lambda: _input(tables, rest),
    }.get(kind, lambda: _of_number(tables, number))()
    found = pd.DataFrame(list(rows), columns=list(COLUMNS), dtype=object)
    if not len(found):
        raise UnknownNameError("number", number, known(tables), where=where)
    return found


def known(tables: Tables) -> list[str]:
    """Every id of a run."""
    numbers = [str(r["id"]) for name in NUMBERS for r in _rows(tables, name)]
    numbers += [str(r["id"]) for r in beside.numbers(tables)]
    claims = [f"claim:{r['id']}" for r in _rows(tables, "audit")]
    assumed = [f"assumption:{r['id']}" for r in _rows(tables, "assumptions")]
    assumed += [f"parameter:{r['parameter']}" for r in _rows(tables, "parameters")]
    estimates = [_estimate_id(r) for r in _rows(tables, "estimates")]
    return list(dict.fromkeys([*numbers, *claims, *assumed, *estimates, *map(_input_id, _rows(tables, "inputs"))]))


def _of_number(tables: Tables, number: str) -> Iterator[Row]:
    """The parts of a number of a branch, or of a difference."""
    mine = {name: [r for r in _rows(tables, name) if r["id"] == number] for name in (*NUMBERS, *DRAWN)}
    others = (r for r in beside.numbers(tables) if r["id"] == number)
    first = next((r for name in NUMBERS for r in mine[name]), None) or next(others, None)
    if first is None:
        return
    yield {"part": "number", "what": _subject(first), **_number(first), "says": _made_of(first)}
    for row in mine["variance"]:
        yield from _of_band(row)
    for name, told in DRAWN.items():
        yield from (told(row) for row in mine[name])
    read_off = first["process"] if "table" in first else PROCESSES.get(number.split(":")[0], "")
    processes = [p for p in read_off.split("+") if p]
    branches = {str(first["branch"]), str(first.get("against") or "")}
    for row in _rows(tables, "assumptions"):
        acts = str(row["acts"]).replace(" ", "_") in {*processes, *(x for p in processes for x in LAYERS.get(p, ()))}
        if acts and branches & set(row["branches"]):
            yield _assumed(row)
    named = {str(r["assumption"]) for name in ("tornado", "flips") for r in mine[name]}
    for row in _rows(tables, "parameters"):
        if row["parameter"] in named or row.get("acts_on") in processes:
            yield _parameter(row)
    for process in processes:
        yield from _estimated(tables, process)
    unit = set(unit_of(str(first.get("state", "")), str(first.get("partner", ""))).split("-")) - {""}
    unit = unit or set(str(first.get("of") or first.get("states") or "").split("-"))
    layers = {layer for process in processes for layer in LAYERS.get(process, ())}
    for row in _rows(tables, "inputs"):
        if row["layer"] in layers and {row["state"], row["partner"]} - {"", None} <= unit:
            yield _observed(row)


def _of_band(row: Row) -> Iterator[Row]:
    """The shares of a band, and the words that go with it."""
    if row["process"] != row["process"]:
        yield _row("share", "all", None, None, None, "share of variance", "it takes more paths to tell the parts apart")
        return
    for part in ("process", "parameter", "measurement", "assumption"):
        share, se = row[part], row[f"{part}_se"]
        yield _row(
            "share",
            part,
            share,
            share - 2 * se,
            share + 2 * se,
            "share of variance",
            row["says"] * (part == "assumption"),
        )
    about = "the draws, whose spread is the band" if row["band"] == "draws" else "the paths, whose spread is the band"
    told, se = row["assumption_of_band"], row["assumption_of_band_se"]
    yield _row(
        "share",
        f"assumption in the variance of {about}",
        told,
        told - 2 * se,
        told + 2 * se,
        "share of variance",
        row["says"],
    )


def _driver(row: Row) -> Row:
    words = {
        "without": "made by {}",
        "only": "{} alone",
        "process": "made by all that acts on {}",
        "inherited": "what the branch has from {}",
    }
    text = words[row["kind"]].format(row["what"])
    return _row("driver", text, row["makes"], row["lower"], row["upper"], row["unit"], row["says"])


def _bar(row: Row) -> Row:
    says = f"{row['assumption']} at its 10 and 90 % quantile, others at their means"
    low, high = sorted((row["at_10"], row["at_90"]))
    says += "" if row["clear"] else "; not told from chance"
    return _row("tornado", row["assumption"], row["at_means"], low, high, row["unit"], says, "assumed")


def _flip(row: Row) -> Row:
    says = f"{row['flips']}: {row['says']}"
    what = row["assumption"] if isinstance(row.get("assumption"), str) else f"against {row['against']}"
    return _row("flip", what, row.get("size_at"), None, None, row.get("size_unit"), says, "assumed")


DRAWN = {"drivers": _driver, "tornado": _bar, "flips": _flip}


def _row(
    part: str, what: str, value: Any, lower: Any, upper: Any, unit: Any, says: str, origin: str = "estimated, assumed"
) -> Row:
    return {
        "part": part, "what": what, "value": value, "lower": lower, "upper": upper,
        "unit": unit, "says": says, "origin": origin,
    }  # fmt: skip


def _subject(row: Row) -> str:
    of = row.get("of") or row.get("states") or unit_of(str(row["state"]), str(row["partner"]))
    return f"{row['quantity']} of {of}" + (f" on {row['date']}" if row.get("date") else " at the end")


def _number(row: Row) -> Row:
    """Value, band, unit and origin of a row of any table of numbers."""
    value = row["mean"] if row.get("against") and "mean" in row else row.get("value", row.get("mean"))
    return {k: row.get(k) for k in ("lower", "upper", "unit", "origin")} | {"value": value}


def _made_of(row: Row) -> str:
    if row["branch"] in (beside.MEASURED, beside.FITTED):
        return f"tables/{row['table']}: {row['branch']}, no branch has a part in it"
    against = f", less that of '{row['against']}'" if row.get("against") else ""
    paths = f"; {row['paths']} paths over {row['draws']} draws" if row.get("paths") else ""
    return f"branch '{row['branch']}'{against}{paths}"


def _assumed(row: Row) -> Row:
    says = f"{row['acts']} of {row['on']}, {row['when']}: {row['size']}. {row['assumed_by']}: {row['reason']}"
    return {"part": "assumption", "what": row["id"], "says": says, "origin": "assumed", "source": row["source"]}


def _parameter(row: Row) -> Row:
    """A parameter of a mechanism: its law, its origin and why."""
    told = _row("parameter", row["parameter"], row["mean"], None, None, row["unit"], f"± {row['sd']}: {row['because']}")
    return {**told, "origin": row["origin"], "source": row["source"]}


def _estimated(tables: Tables, process: str) -> Iterator[Row]:
    """One line for the estimates of a process: how many, and what they rest on."""
    mine = [r for r in _rows(tables, "estimates") if r["process"] == process]
    if mine:
        badges = pd.Series([r["badge"] for r in mine]).value_counts()
        says = f"{len(mine)} effects: " + ", ".join(f"{n} {badge}" for badge, n in badges.items())
        rest = f"{max(int(r['events'] or 0) for r in mine)} events; latticework model show {process}"
        yield {"part": "estimate", "what": process, "says": f"{says}; {rest}", "origin": "estimated"}


def _observed(row: Row) -> Row:
    unit = unit_of(str(row["state"]), str(row["partner"] or ""))
    told = {"part": "input", "what": f"{row['layer']} of {unit}", "value": row["value"], "says": f"on {row['date']}"}
    return {**told, "origin": row["origin"], "source": row["source"]}


def _records(tables: Tables, name: str, key: str) -> Iterator[Row]:
    for row in _rows(tables, name):
        if str(row["id"]).casefold() == key.casefold():
            told = {"part": "claim", "what": row["claim"], "says": f"{row['verdict']}: {row['reason']}"}
            yield {**told, **_number(row)}


def _assumption(tables: Tables, key: str) -> Iterator[Row]:
    yield from (_assumed(row) for row in _rows(tables, "assumptions") if row["id"] == key)


def _estimate_id(row: Row) -> str:
    return f"estimate:{row['process']}:{word(str(row['effect']))}"


def _estimate(tables: Tables, key: str) -> Iterator[Row]:
    for row in _rows(tables, "estimates"):
        if _estimate_id(row) == f"estimate:{key}":
            prior = f"prior {row['prior_mean']} ± {row['prior_sd']}. {row['because']}"
            says = f"{row['badge']}: {row['events']} events, {prior}"
            low, high = (row["estimate"] + side * 1.2816 * row["sd"] for side in (-1, 1))
            told = _row(
                "estimate", f"{row['effect']} on {row['process']}", row["estimate"], low, high, row["unit"], says
            )
            yield {**told, "origin": row["origin"], "source": row["source"]}


def _input_id(row: Row) -> str:
    return f"input:{row['layer']}:{unit_of(str(row['state']), str(row['partner'] or ''))}"


def _input(tables: Tables, key: str) -> Iterator[Row]:
    yield from (_observed(row) for row in _rows(tables, "inputs") if _input_id(row) == f"input:{key}")


def _rows(tables: Tables, name: str) -> list[Row]:
    """The records of a table; none if the run has no such table."""
    return [dict(row) for row in tables[name].to_dict("records")] if name in tables else []
