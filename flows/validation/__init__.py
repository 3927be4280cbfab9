"""Great Expectations on the marts: suites, results by key, Data Docs."""
