"""Which version this is, and which of the libraries that it can use are there."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, requires, version

__all__ = ["Versions", "__version__", "show_versions"]

__version__ = version("ticketopt")

_NAME = re.compile(r"[\w.-]+")
_FOR_DEVELOPERS = re.compile(r"extra == .(test|dev|docs|benchmark).")


class Versions(dict[str, str | None]):
    """Name -> version, None where something is not installed; printed as a table."""

    def __repr__(self) -> str:
        width = max(map(len, self))
        return "\n".join(f"{name:<{width}}  {found or 'not installed'}" for name, found in self.items())


def show_versions() -> Versions:
    """What to put into a bug report: versions of this library, of Python, and of all that it can use.

    Examples
    --------
    >>> import ticketopt
    >>> found = ticketopt.show_versions()  # a console prints it as a table
    >>> found["ticketopt"] == ticketopt.__version__
    True
    >>> list(found)[:3]
    ['ticketopt', 'python', 'system']
    """
    import platform  # slow to import, and needed only here

    found: dict[str, str | None] = {
        "ticketopt": __version__,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "system": platform.platform(),
    }
    lines = [line for line in requires("ticketopt") or () if not _FOR_DEVELOPERS.search(line)]
    wanted = [match[0] for line in lines if (match := _NAME.match(line))]
    for name in sorted(set(wanted) - {"ticketopt"}, key=str.lower):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return Versions(found)
