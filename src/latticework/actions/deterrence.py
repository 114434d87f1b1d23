"""The file of the deterrence game: payoffs calibrated on the panel, and what they do at other precisions."""

import json
from dataclasses import dataclass
from pathlib import Path

import latticework.mechanisms
from latticework.data import load_panel, panel_sha256
from latticework.errors import PanelError
from latticework.mechanisms.deterrence import LAMBDA, Weights, calibrated, deterrence, rates

SHIPPED = Path(latticework.mechanisms.__file__).parent / "deterrence.json"
REBUILD = "Rebuild it with latticework.actions.deterrence.write_deterrence()."
HUB, YEAR = "USA", 2010  # the last year in which disputes, rivalries and capabilities are all on record
LAYERS = ("capability", "contiguity", "defence", "major_power", "rivalry", "warheads")
PRECISIONS = (0.5, LAMBDA, 3.0)


@dataclass(frozen=True)
class Calibration:
    """Weights of the game at one precision, and what they give in the world on which they were calibrated."""

    precision: float
    weights: Weights
    challenge: float
    fulfilled: float
    unconditional: float
    pairs: int


def calibrations() -> tuple[Calibration, ...]:
    """The game calibrated at each precision on the world of YEAR."""
    panel = load_panel(start=YEAR - 1, end=YEAR, step="year", layers=LAYERS)
    world, hub = panel.at(len(panel.dates) - 1), panel.codes.index(HUB)
    found = []
    for precision in PRECISIONS:
        weights = calibrated(world, hub, precision=precision)
        game = deterrence(world, hub, weights, precision)
        got = rates(game.play, game.relevant)
        told = (round(got.challenge, 5), round(got.fulfilled, 4), round(got.unconditional, 4))
        found.append(Calibration(precision, weights, *told, int(game.relevant.sum())))
    return tuple(found)


def write_deterrence(path: Path = SHIPPED) -> Path:
    """Calibrate the game anew and write its file."""
    told = [vars(c) | {"weights": c.weights._asdict()} for c in calibrations()]
    path.write_text(json.dumps({"panel_sha256": panel_sha256(), "year": YEAR, "calibrations": told}, indent=1) + "\n")
    return path


def load_deterrence(path: Path = SHIPPED) -> tuple[Calibration, ...]:
    """The calibrations that are shipped; PanelError if the file is missing or damaged."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))["calibrations"]
        return tuple(Calibration(**c | {"weights": Weights(**c["weights"])}) for c in told)
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise PanelError(f"The file of the deterrence game '{path}' cannot be read ({fault}). {REBUILD}") from fault


def weights_at(precision: float = LAMBDA) -> Weights:
    """The shipped weights at one of the calibrated precisions; PanelError if there are none."""
    for calibration in load_deterrence():
        if calibration.precision == precision:
            return calibration.weights
    raise PanelError(f"The deterrence game is not calibrated at the precision {precision}; it is at {PRECISIONS}.")
