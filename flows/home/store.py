"""The object store that HIGHLANDS_REMOTE names, opened, and what it refuses in words: S3, or what speaks its protocol.

    HIGHLANDS_REMOTE   s3://bucket/prefix (needs requirements-s3.lock); credentials, region and endpoint as usual for
                       S3, in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL …

What a home and its store do with each other is in remote.py.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flows.home import durable

VARIABLE = "HIGHLANDS_REMOTE"


def is_configured() -> bool:
    """Whether the environment names a store."""
    return bool(os.environ.get(VARIABLE))


def fetch(sha256: str) -> bytes | None:
    """A document of the landing from the store; None without a store, or when it is not there. For workers of
    another machine, which hold nothing."""
    if not (address := os.environ.get(VARIABLE)):
        return None
    with explained(address):
        try:
            return bytes(opened(address).get(f"landing/{sha256}").bytes())
        except FileNotFoundError:
            return None


def opened(address: str) -> Any:
    """The store at an address. Raises HomeError where obstore is not installed."""
    try:
        from obstore.store import from_url
    except ImportError as error:
        raise durable.HomeError(f"{VARIABLE} is {address}: install requirements-s3.lock first") from error
    plain = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http:")
    return from_url(address, client_options={"allow_http": plain})


@contextmanager
def explained(address: str) -> Iterator[None]:
    """What the store refuses, as an error for people."""
    try:
        yield
    except Exception as error:
        if type(error).__module__.startswith("obstore") or str(error).startswith("Object at location"):
            reason = str(error).partition(": <?xml")[0].partition("\n")[0][:300]
            raise durable.HomeError(f"The store {address} cannot be used: {reason}") from error
        raise
