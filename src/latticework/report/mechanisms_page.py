"""The page on mechanisms, written from their code: formula, reference, every parameter with its origin and reason."""

import inspect

from latticework.mechanisms import KINDS, SIGNALS, Parameter, Poles, deterrence, parameters_of
from latticework.mechanisms.bargain_fit import Fitted
from latticework.mechanisms.deterrence import QRE, Weights
from latticework.mechanisms.registry import Kind
from latticework.processes import AbstractProcess
from latticework.report.reference import HEAD

POLES = Poles(0, 1, 2)
INTRO = """A mechanism is a process that the record cannot identify: what allies believe, what publics think, how a
bargain ends. Its numbers are assumed, each with a reason and a source, and a scenario may say others. It moves layers
of its own, deviations from the baseline day, and through couplings the learned processes: an assumed term on a
process's first linear predictor. A scenario that names no mechanism runs exactly as it did. Signs marked below are
imposed: the prior N(mean, sd) is cut off at zero."""
SETS = "## What a scenario sets\n\nLayers of states, zero if nothing is said.\n\n| layer | what it is |\n|---|---|\n"
ROW = "| {name} | {unit} | {law} | {sign} | {origin} | {why} |"
HEADER = "| parameter | unit | prior | sign | origin | reason and source |\n|---|---|---|---|---|---|\n"


def page(fitted: Fitted, rates: tuple[tuple[float, Weights, float, float, float, int], ...]) -> str:
    """The whole page; `rates` are precision, weights, challenge, fulfilled, unconditional, pairs of the game."""
    signals = "\n".join(f"| `{name}` | {text} |" for name, text in SIGNALS.items())
    parts = [
        f"{HEAD}# Mechanisms\n\n{INTRO}\n",
        f"{SETS}{signals}\n",
        *(_kind(kind) for kind in KINDS.values()),
        _fit(fitted),
        _game(rates),
    ]
    return "\n".join(parts)


def _kind(kind: Kind) -> str:
    told = [_process(process) for process in kind.processes(POLES)] or [inspect.getdoc(kind.couplings) or ""]
    words = "\n\n".join(told)
    rows = "\n".join(_row(name, parameter) for name, parameter in parameters_of(kind.name))
    return f"## {kind.title} (`{kind.name}`)\n\n{words}\n\n{HEADER}{rows}\n"


def _process(process: AbstractProcess) -> str:
    law = next(base for base in type(process).__mro__ if "$" in (base.__doc__ or ""))
    formula = "" if law is type(process) else f"\n\nThe law: {_first(law)}"
    return f"{inspect.getdoc(process)}{formula}\n\nMoves: {', '.join(f'`{name}`' for name in process.writes)}."


def _first(law: type) -> str:
    parts = (inspect.getdoc(law) or "").split("\n\n")
    return " ".join((parts[0] if "$" in parts[0] else " ".join(parts[:2])).split())


def _row(name: str, p: Parameter) -> str:
    why = p.because + (f" ({p.source})" if p.source else "")
    if p.anchor is not None:
        why += f"; compare {p.anchor.value:+g}: {p.anchor.source}" + (f", {p.anchor.note}" if p.anchor.note else "")
    sign = {1: "+", -1: "-"}.get(p.sign, "")
    return ROW.format(
        name=name, unit=p.unit, law=f"N({p.prior_mean:g}, {p.prior_sd:g})", sign=sign, origin=p.origin, why=why
    )


def _fit(fitted: Fitted) -> str:
    """What the record of settlements says, and how little."""
    parts = zip(fitted.names, fitted.prior_mean, fitted.prior_sd, fitted.mean, fitted.sd, strict=True)
    rows = "\n".join(
        f"| {name} | {m0:.2f} ({s0:.2f}) | {m:.2f} ({s:.2f}) | {fitted.contraction[name]:.2f} |"
        for name, m0, s0, m, s in parts
    )
    better = "better" if fitted.log_score > fitted.naive else "no better"
    inside = sum(0.1 <= share <= 0.9 for share in fitted.left_out)
    signs = ", ".join(f"{name} {chance:.2f}" for name, chance in fitted.sign_free.items())
    return f"""## What the record says of the bargain

{fitted.settlements} settlements of Korea and Japan are on record, of which {fitted.with_demand} followed a demand that
anybody wrote down; of the others the usual ask is a parameter. The posterior is by importance sampling from the prior,
worth {fitted.effective:.0f} draws. Prior and posterior as mean (sd):

| parameter | prior | posterior | contraction |
|---|---|---|---|
{rows}

Each settlement foretold without itself: {inside} of {fitted.settlements} lie within the 80 % band; the mean log score
is {fitted.log_score:.3f}, against {fitted.naive:.3f} of a normal law with mean and sd of the others: {better} than
that. Without the imposed signs the posterior chance that a coefficient has its sign is: {signs}. The signs are those of
theory (Nash, Rubinstein, Blankenship); whether the record has them too is for the reader to judge by these chances.
"""


def _game(rates: tuple[tuple[float, Weights, float, float, float, int], ...]) -> str:
    rows = "\n".join(
        f"| {at:g} | {w.restraint:.2f} | {w.reluctance:.2f} | {100 * challenge:.2f} % | {kept:.2f} | {free:.2f} |"
        for at, w, challenge, kept, free, _ in rates
    )
    weights = ", ".join(f"{k} {v:g}" for k, v in rates[0][1]._asdict().items() if k not in ("restraint", "reluctance"))
    return f"""## Extended deterrence

{inspect.getdoc(inspect.getmodule(deterrence))} {inspect.getdoc(deterrence)}

Reference: {QRE}. The precision is not identified apart from the scale of the payoffs: it is 1, and 0.5 to 3 is shown.
{" ".join((inspect.getdoc(Weights) or "").split())} Assumed: {weights}. Calibrated on {rates[0][5]} pairs of a
challenger and an ally of the United States in 2010, so that 1.5 % are challenged a year and 0.4 of tested pledges kept:

| precision | restraint | reluctance | challenged a year | kept if tested | kept, tested or not |
|---|---|---|---|---|---|
{rows}

A pledge is tested where it is doubted, so that the pledges kept among those tested are fewer: nobody put that in. The
chance of war is no monotone function of credibility: it is lowest where it is plain what the patron will do.
"""
