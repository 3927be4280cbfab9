"""`python -m flows.report` makes the plots' library ready for this environment, as a part of setting it up."""

from flows.report import warm

warm()
