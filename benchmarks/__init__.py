"""What highlands costs beside a floor and beside what people would use instead: `make bench`."""
