"""`python -m cls_analysis` is the command line."""

from cls_analysis.cli import app

app(prog_name="cls-analysis")
