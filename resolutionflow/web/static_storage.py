"""Static files as they are served: without their comments, named by their hash, and compressed."""

from __future__ import annotations

from collections.abc import Callable
from re import Match
from typing import NoReturn

from whitenoise.storage import CompressedManifestStaticFilesStorage

from resolutionflow.web import modules

# Lines of nothing but comment: a sixth of what a page weighed.
COMMENT = r"(?m)^[ \t]*(?://.*|/\*(?:[^*]|\*(?!/))*\*/[ \t]*)\n"
NOTHING = ""


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """What our modules import is named by its hash, too, as what a style sheet names.

    Django's own switch for this, support_js_module_import_aggregation, is for all scripts: it stops at those of others,
    which name modules that they do not bring.
    """

    patterns = (
        ("css/*.css", ((COMMENT, NOTHING),)),
        *CompressedManifestStaticFilesStorage.patterns,
        (
            "js/*.js",
            (
                (COMMENT, NOTHING),
                (modules.IMPORT, modules.WRITTEN),
                (modules.LATER, modules.WRITTEN_LATER),
            ),
        ),
    )
    max_post_process_passes = 20  # a new name goes up a chain of imports by one module a pass

    def url_converter(
        self, name: str, hashed_files: dict[str, str], template: str | None = None
    ) -> Callable[[Match[str]], str]:
        if template == NOTHING:
            return lambda _comment: NOTHING
        converter: Callable[[Match[str]], str] = super().url_converter(name, hashed_files, template)
        return converter

    def get_modified_time(self, name: str) -> NoReturn:
        """Unknown, so that collectstatic copies everything: the files of a newer release may well be older by time."""
        raise NotImplementedError
