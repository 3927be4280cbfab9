"""The sides of a benchmark, each a program that prints one JSON object: at least `seconds`."""
