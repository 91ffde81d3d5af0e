"""The ES modules of static/js/, and what each of them imports."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from django.contrib.staticfiles import finders

# An import is written in this one way (tests/test_house.py), and written anew in that one (static_storage.py).
IMPORT = r'(?m)^(?P<matched>import (?P<names>(?:[^";]+ from )?)"(?P<url>\.\.?/[^"]+)";)'
WRITTEN = 'import %(names)s"%(url)s";'
# And one that is loaded only when it is needed.
LATER = r'(?P<matched>\bimport\("(?P<url>\.\.?/[^"]+)"\))'
WRITTEN_LATER = 'import("%(url)s")'


def imports(module: str, *, later: bool = False) -> list[str]:
    """By their names in static/: what this one imports itself; `later`: and what it imports when it is needed."""
    path = finders.find(module)
    assert path, f"There is no static/{module}."
    text = Path(path).read_text()
    names = [found["url"] for one in (IMPORT, LATER)[: 1 + later] for found in re.finditer(one, text)]
    return [posixpath.normpath(posixpath.join(posixpath.dirname(module), name)) for name in names]


def imports_behind(*modules: str) -> list[str]:
    """And what those import in turn, each once, the nearest first; without the modules themselves."""
    found = list(modules)
    for module in found:
        found += [name for name in dict.fromkeys(imports(module)) if name not in found]
    return found[len(modules) :]
