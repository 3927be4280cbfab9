"""Documents read to the end: one, many at once, from the cache, over many machines, then put together."""
