"""What every test starts from: the processor, no matter what the machine has, and the same examples each time."""

import os
import tempfile

os.environ["JAX_PLATFORMS"] = "cpu"  # before JAX is imported by any test
os.environ["LATTICEWORK_LAYERS"] = tempfile.mkdtemp(prefix="layers-")  # no test sees the layers that its user added

import hypothesis
import pandas as pd

pd.set_option("compute.use_numexpr", False)  # which the rivals of the benchmarks bring along, and which warns
hypothesis.settings.register_profile("house", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("house")
