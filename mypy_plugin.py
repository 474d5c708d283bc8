"""django-stubs' plugin for mypy, with the managers of our own models.

At run time django-modeltranslation puts a manager of its own over those of translated models. The
plugin looks a manager up by the name of its class, does not find that one in the source, and gives
the model none. So for the type checker the managers stay as the models declare them.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path.cwd()))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

from modeltranslation import translator
from mypy_django_plugin.main import plugin

translator.patch_manager_class = lambda manager: None
__all__ = ["plugin"]
