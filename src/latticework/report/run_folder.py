"""What a run leaves behind for readers: the brief, its picture, the tables and the ensemble."""

from typing import Protocol, runtime_checkable

import pandas as pd
import xarray as xr

from latticework.report.brief import brief
from latticework.report.charts import picture
from latticework.report.records import estimates
from latticework.report.results import Results


@runtime_checkable
class Folder(Protocol):
    """Where artefacts are written: `store.RunFolder`."""

    def write_text(self, name: str, text: str) -> None:
        """Write a text file."""
        ...

    def write_table(self, name: str, table: pd.DataFrame) -> None:
        """Write a table for people and for programs."""
        ...

    def write_ensemble(self, ensemble: xr.Dataset) -> None:
        """Write the ensemble."""
        ...


def texts(results: Results) -> dict[str, str]:
    """What a run leaves for readers, by file name: the brief and its picture."""
    return {"brief.html": brief(results), "picture.svg": picture(results)}


def tables(results: Results) -> dict[str, pd.DataFrame]:
    """What a run leaves for programs, by file name without ending: outlook, contrast, inputs and estimates."""
    found = {"outlook": results.outlook, "contrast": results.contrasts, "inputs": results.inputs}
    found["estimates"] = pd.DataFrame(estimates(results))
    return {f"tables/{name}": table for name, table in found.items() if len(table)}


def write_run(results: Results, folder: Folder) -> None:
    """Hand the ensemble, tables and texts to the folder, which does the writing."""
    text, table, whole = folder.write_text, folder.write_table, folder.write_ensemble
    whole(results.ensemble)
    for name, rows in tables(results).items():
        table(name, rows)
    for name, words in texts(results).items():
        text(name, words)
