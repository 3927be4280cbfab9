"""Which documents are judged together: those of one source, and of sources that are held against each other."""

from __future__ import annotations

from collections.abc import Collection, Mapping

NOTHING = "nothing"
"""The name of documents without any table, which are thousands where a folder holds more than statistics."""


def sources(spoken: Mapping[str, Collection[str]], compared: Collection[str]) -> list[list[str]]:
    """Documents in groups, each in the order given, so that no check reaches from one group into another.

    `spoken` gives for each document the names that tie it to others: the series of its tables, those that it may be
    of while nobody knows, or NOTHING; its content. Documents that share a name are in one group. `compared` are series
    that are held against each other (data/reference/editions.yml): they count as one name.
    """
    leader: dict[str, str] = {}

    def lead(name: str) -> str:
        while (above := leader.setdefault(name, name)) != name:
            leader[name] = leader[above]
            name = above
        return name

    one = dict.fromkeys(compared, "")
    names = {document: [one.get(name, name) for name in said] or [NOTHING] for document, said in spoken.items()}
    for first, *others in names.values():
        for other in others:
            leader[lead(other)] = lead(first)
    groups: dict[str, list[str]] = {}
    for document, (first, *_) in names.items():
        groups.setdefault(lead(first), []).append(document)
    return list(groups.values())
