"""Colours and patterns, readable by colour-blind people and in grey (a test measures it).

State and silence differ by pattern as well as by colour.
"""

from typing import Any

Style = dict[str, Any]

# Order from the strongest statement to silence. `hatch` is matplotlib's pattern of lines.
STATES: dict[str, Style] = {
    "stated": {"facecolor": "#12466b", "hatch": ""},
    "mentioned": {"facecolor": "#7db4dd", "hatch": "///"},
    "not_stated": {"facecolor": "#ffffff", "hatch": ""},
    "no_text": {"facecolor": "#d3d3d3", "hatch": "xxx"},
}
# What a page says of a question.
ANSWERS: dict[str, Style] = {
    "said": STATES["stated"],
    "announced": STATES["mentioned"],
    "unsaid": STATES["no_text"],
}
# The ladder of a council, from silence to activity.
STEPS: dict[str, Style] = {
    "no_statement": {"facecolor": "#d3d3d3", "hatch": "xxx"},
    "planned": {"facecolor": "#ffffff", "hatch": "///"},
    "created": {"facecolor": "#9cc8e8", "hatch": ""},
    "labelled": {"facecolor": "#4a8fc4", "hatch": ""},
    "active": {"facecolor": "#12466b", "hatch": ""},
}
# A date that a source states, plans, or that is deduced from others.
CERTAINTIES: dict[str, Style] = {
    "stated": {"facecolor": "#12466b", "hatch": ""},
    "deduced": {"facecolor": "#7db4dd", "hatch": "///"},
    "planned": {"facecolor": "#ffffff", "hatch": "..."},
}
INK = "#1f2933"
QUIET = "#6b7680"
ACCENT = "#12466b"
CONTRAST = "#c8691c"
