"""Static files as they are served: named by their hash, and compressed."""

from __future__ import annotations

from typing import NoReturn

from whitenoise.storage import CompressedManifestStaticFilesStorage

from resolutionflow.web import modules


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """What our modules import is named by its hash, too, as what a style sheet names.

    Django's own switch for this, support_js_module_import_aggregation, is for all scripts: it stops at those of others,
    which name modules that they do not bring.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", ((modules.IMPORT, modules.WRITTEN), (modules.LATER, modules.WRITTEN_LATER))),
    )
    max_post_process_passes = 20  # a new name goes up a chain of imports by one module a pass

    def get_modified_time(self, name: str) -> NoReturn:
        """Unknown, so that collectstatic copies everything: the files of a newer release may well be older by time."""
        raise NotImplementedError
