"""Modules that are imported once something of them is asked for: a library that imports much for parts of it that
nobody uses here starts without."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any


class Later(ModuleType):
    """Stands for a module until an attribute of it is needed, and then makes way for it."""

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


def later(*names: str) -> None:
    """Have some modules imported later, unless they are imported already."""
    for name in names:
        sys.modules.setdefault(name, Later(name))
