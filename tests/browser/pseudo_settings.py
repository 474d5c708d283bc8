"""The settings of a portal whose English is a pseudo-language; only tests start it (see
`pseudo`)."""

import os
from pathlib import Path

from portal.settings import *  # noqa: F403
from tests.browser.pseudo import RTL

LOCALE_PATHS = [Path(os.environ["PSEUDO_CATALOGUES"])]
if os.environ["PSEUDO_LANGUAGE"] == RTL:
    LANGUAGES_BIDI = ["en"]
