"""Where states stand: ideal points from votes in the United Nations General Assembly, with their uncertainty."""

from dataclasses import replace

import pandas as pd

from latticework.data.inputs import Inputs, annual, read_input
from latticework.data.layer import Layer, tidy

INPUTS = ("unga_ideal_points_jun2024",)
SOURCE = "unga-jun2024"
Z95 = 1.6448536269514722  # the standard normal's 95 % quantile

IDEAL_POINT = Layer(
    name="ideal_point",
    title="Ideal point in the UN General Assembly",
    kind="state",
    unit="latent scale, higher is closer to the United States",
    frequency="annual",
    lag=3,
    source="Bailey, Strezhnev & Voeten, UNGA ideal points",
    version="June 2024",
    citation='Bailey, Strezhnev & Voeten (2017), "Estimating Dynamic State Preferences from United Nations Voting '
    'Data", Journal of Conflict Resolution 61(2): 430-456; Harvard Dataverse doi:10.7910/DVN/LEJUQZ',
    licence="no licence seen on the file; the authors' code and data repository is MIT",
    transformation="year = 1945 + session, dated 31 December of that year, in which most votes of a session fall",
    coverage="Sessions 5 to 78 (1950 to 2023); session 19 (1964) hardly voted and is absent.",
    traps=(
        "the file has sessions and no years",
        "Germany is 260 in sessions 28 to 45 and 255 from 46, East Germany 265 in 28 to 44; before, neither voted",
        "Yemen is 678 until session 45 and 679 from 46, South Yemen 680",
        "TWN held the China seat until session 26 (1971) and casts no vote after it; CHN begins in session 26",
        "both Koreas begin in session 46 (1991)",
        "365 is the Soviet Union and Russia; UKR and BLR voted before they were states of the system",
        "points are estimated anew with each release: releases must not be mixed",
    ),
)
IDEAL_POINT_SD = replace(
    IDEAL_POINT,
    name="ideal_point_sd",
    title="Standard deviation of the ideal point",
    unit="latent scale",
    bounds=(0, None),
    transformation=IDEAL_POINT.transformation + "; sd = (95 % quantile - 5 % quantile) / (2 x 1.645), that of a normal "
    "posterior, which agrees with that from the 10 % and 90 % quantiles within 11 % in every row",
)
LAYERS = (IDEAL_POINT, IDEAL_POINT_SD)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Ideal points and their posterior standard deviations by state and year."""
    points = read_input(inputs, "unga_ideal_points_jun2024", ["ccode", "session", "IdealPointAll", "Q5%All", "Q95%All"])
    points["year"] = 1945 + points["session"]
    points["sd"] = (points["Q95%All"] - points["Q5%All"]) / (2 * Z95)
    return {
        "ideal_point": tidy(IDEAL_POINT, annual(points, "IdealPointAll", SOURCE)),
        "ideal_point_sd": tidy(IDEAL_POINT_SD, annual(points, "sd", SOURCE)),
    }
