"""The whole model fitted anew, as `latticework fit` does it: time and peak memory, and an error above the limits."""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

from latticework.actions.posterior import fit_model

MINUTES, GIGABYTES = 5.0, 4.0  # on two idle cores
KB = 1024 if sys.platform == "darwin" else 1  # of the unit in which the system tells memory


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("process", nargs="*", help="names of processes, all for none")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "posterior.json"
        began = time.perf_counter()
        fit_model(asked.process, out, print)
        minutes = (time.perf_counter() - began) / 60
    used = resource.getrusage(resource.RUSAGE_SELF)
    peak = used.ru_maxrss / KB / 1024**2
    print(f"{minutes:.1f} minutes, {used.ru_utime + used.ru_stime:.0f} CPU seconds, {peak:.2f} GB at most")
    if minutes > MINUTES or peak > GIGABYTES:
        sys.exit(f"The aim is {MINUTES:g} minutes and {GIGABYTES:g} GB, on two idle cores.")


if __name__ == "__main__":
    main()
