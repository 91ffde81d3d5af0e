"""The ES modules of static/js/, and what each of them imports."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from django.contrib.staticfiles import finders

# An import is written in this one way (tests/test_house.py), and written anew in that one (static_storage.py).
IMPORT = r'(?m)^(?P<matched>import (?P<names>(?:[^";]+ from )?)"(?P<url>\.\.?/[^"]+)";)'
WRITTEN = 'import %(names)s"%(url)s";'


def imports(module: str) -> list[str]:
    """By their names in static/: what this one imports itself."""
    path = finders.find(module)
    assert path, f"There is no static/{module}."
    names = [found["url"] for found in re.finditer(IMPORT, Path(path).read_text())]
    return [posixpath.normpath(posixpath.join(posixpath.dirname(module), name)) for name in names]


def imports_behind(*modules: str) -> list[str]:
    """And what those import in turn, each once, the nearest first; without the modules themselves."""
    found = list(modules)
    for module in found:
        found += [name for name in dict.fromkeys(imports(module)) if name not in found]
    return found[len(modules) :]
