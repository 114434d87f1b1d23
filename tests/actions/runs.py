"""A small scenario whose runs are quick: three states, two quarters, no tie, no claims."""

from pathlib import Path

PATHS = 1500  # eight chunks, the last of them in part
TEXT = """\
id: small
title: Three states
question: What happens?
baseline: 2025-01-24
quarters: 2
hub: USA
rival: CHN
focus: [USA]
states: [USA, KOR, CHN]
leaders:
  - {state: USA, name: A, office: president, since: 2025-01-20, source: page, confidence: high}
  - {state: KOR, name: C, office: president, since: 2022-05-10, source: page, confidence: medium}
  - {state: CHN, name: B, office: secretary, since: 2012-11-15, source: page, confidence: high}
interventions:
  - id: pressure
    operator: shift
    process: troop_change
    on: [KOR-USA]
    size: {mean: 3.0, sd: 0.25}
    unit: history_sd
    assumed_by: us
    reason: because
branches:
  - {id: base, title: Base, summary: Nothing}
  - {id: hub, title: Hub, summary: Much, extends: base, interventions: [pressure]}
"""


def written(folder: Path, text: str = TEXT) -> Path:
    """The scenario in a folder of its own."""
    path = folder / "small" / "scenario.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
