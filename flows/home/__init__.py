"""A home on disk: what was given, candidates, releases and `current`, kept so that nothing is lost or half there."""
