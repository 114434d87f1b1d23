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


def write_run(results: Results, folder: Folder) -> None:
    """Write the ensemble, the tables (outlook, contrast, inputs, estimates), `brief.html` and `picture.svg`."""
    folder.write_ensemble(results.ensemble)
    tables = {"outlook": results.outlook, "contrast": results.contrasts, "inputs": results.inputs}
    tables["estimates"] = pd.DataFrame(estimates(results))
    for name, table in tables.items():
        if len(table):
            folder.write_table(f"tables/{name}", table)
    folder.write_text("picture.svg", picture(results))
    folder.write_text("brief.html", brief(results))
