"""How many seats two states share in international organizations: Correlates of War, IGO."""

import pandas as pd

from latticework.data.dyads import coded, undirected
from latticework.data.inputs import FIRST_YEAR, Inputs, read_input
from latticework.data.layer import Layer, tidy

INPUTS = ("cow_igo_dyad_year",)
YEARBOOK = 6  # months: memberships of a year are in the yearbook of the next

SHARED_IGOS = Layer(
    name="shared_igos",
    title="International organizations of which both are full members",
    kind="dyad",
    unit="organizations",
    frequency="annual",
    source="Correlates of War, International Governmental Organizations, by way of peacesciencer",
    version="3.0",
    citation='Pevehouse, Nordstrom, McManus & Jamison (2020), "Tracking organizations in the world: The Correlates of '
    'War IGO Version 3.0 datasets", Journal of Peace Research 57(3): 492-503',
    licence="free for public and academic use with citation; no formal open licence",
    transformation="each dyad once, dated 31 December",
    coverage="1950 to 2014: each pair of members of the state system has a row in every year, 0 where they share none.",
    traps=(
        "full members on both sides; associates and observers do not count (in 59 dyad-years the count is above what "
        "the national file of the same version has as full memberships, never above memberships of any kind)",
        "the project's first coding was every five years to 1965: the years between have rows and change too, but "
        "1950, 1955, 1960 and 1965 change more (in 1960 85 % of the dyads, in 1959 26 %)",
        "2014, the last year, is a break: 87 % of the dyads change and the mean falls by 1.2 at once",
        "a count, not closeness: universal and regional bodies weigh the same, and it grows with the number of bodies",
        "CHN and the USA share 3 in 1950, 1 in 1955 and 25 in 1980: the China seat was TWN's until 1971",
    ),
    lag=YEARBOOK,
    bounds=(0, None),
)
LAYERS = (SHARED_IGOS,)


def build(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Shared organizations by dyad and year; if Germany or Yemen has two numbers in a year, the larger count."""
    listed = read_input(inputs, INPUTS[0], ["ccode1", "ccode2", "year", "dyadigos"])
    counts = listed["dyadigos"].astype("float64")
    listed = listed.assign(value=counts)[(listed["year"] >= FIRST_YEAR) & (counts >= 0)]
    years = undirected(coded(listed)).sort_values("value", ascending=False, kind="stable")
    years = years.drop_duplicates(["state", "partner", "year"])
    return {
        "shared_igos": tidy(
            SHARED_IGOS, years.assign(date=years["year"].astype(int).map("{}-12-31".format), source="cow-igo-3.0")
        )
    }
