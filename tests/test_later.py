"""A module that is imported later is the module, once it is asked for anything."""

from __future__ import annotations

import subprocess
import sys

import pytest

USES = {
    "an attribute": "import colorsys as c; print(c.rgb_to_hsv(1, 1, 1))",
    "a name": "from colorsys import rgb_to_hsv as f; print(f(1, 1, 1))",
    "twice": "import colorsys as c; c.hsv_to_rgb; import colorsys as d; print(d is not c, c.rgb_to_hsv(1, 1, 1))",
    "its package": "import email; import email.charset; print(email.charset.QP, email.__path__ != [])",
    "nothing": "import colorsys, email; print('_colorsys' in sys.modules)",
}


@pytest.mark.parametrize("use", USES)
def test_a_module_that_is_imported_later(use: str) -> None:
    code = "import sys; from flows.processes.later import later; later('colorsys', 'email'); " + USES[use]
    expected = {"twice": "True (0.0, 0.0, 1)", "its package": "1 True", "nothing": "False"}.get(use, "(0.0, 0.0, 1)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == (expected, "")


def test_great_expectations_starts_without_what_no_suite_uses_and_has_it_when_one_does() -> None:
    code = """
import sys
from flows.validation import checks
checks.warm()
assert "scipy.stats._stats_py" not in sys.modules and "altair.vegalite" not in sys.modules
import pandas as pd, great_expectations as gx
batch = gx.get_context(mode="ephemeral").data_sources.add_pandas("p").add_dataframe_asset("a")
batch = batch.add_batch_definition_whole_dataframe("w").get_batch({"dataframe": pd.DataFrame({"x": ["a", "a", "b"]})})
partition = {"values": ["a", "b"], "weights": [0.66, 0.34]}
wanted = {"column": "x", "partition_object": partition, "threshold": 0.1}
print(batch.validate(gx.expectations.ExpectColumnKLDivergenceToBeLessThan(**wanted)).success)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip().endswith("True"), done.stderr
