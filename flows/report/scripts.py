"""Vega, Vega-Lite and Vega-Embed as one script, bundled by vl-convert from what it brings along.

Bundling takes four seconds and always gives the same bytes, so it is done once for an environment and kept in it.
"""

from __future__ import annotations

import hashlib
import sys
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

from flows.home.durable import replacing

EXPORTS = "window.vega = vega; window.vegaEmbed = vegaEmbed;"
NOTICE = (
    "/* Vega, Vega-Lite and Vega-Embed, copyright University of Washington Interactive Data Lab, BSD 3-Clause licence,"
    " with what they depend on; bundled by vl-convert. */\n"
)


@cache
def vega() -> str:
    """The script; it defines window.vega and window.vegaEmbed and loads nothing."""
    kept = _kept()
    try:
        text = kept.read_text("utf-8")
        if text.endswith(_seal(text)):
            return text
    except (OSError, ValueError):
        pass
    text = _bundle()
    _keep(kept, text)
    return text


def _bundle() -> str:
    import vl_convert

    script = NOTICE + vl_convert.javascript_bundle(EXPORTS)
    return script + _seal(script)


def _seal(text: str) -> str:
    """A last line with the hash of all before it: a copy that was cut short or changed is not used."""
    body = text.rpartition("\n// sha256 ")[0] or text
    return f"\n// sha256 {hashlib.sha256(body.encode()).hexdigest()}\n"


def _kept() -> Path:
    asked = hashlib.sha256((NOTICE + EXPORTS).encode()).hexdigest()[:8]
    return Path(sys.prefix) / "share" / "highlands" / f"vega-{version('vl-convert-python')}-{asked}.js"


def _keep(place: Path, text: str) -> None:
    """Put the script in its place at once or not at all; where nothing may be written, it is made again each time."""
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        with replacing(place) as aside:
            aside.write_text(text, "utf-8")
