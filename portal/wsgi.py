"""The entry for a WSGI server such as gunicorn."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()

# Only now are the settings known.
from portal.first_use import load_for_first_use  # noqa: E402

load_for_first_use()

# gunicorn loads this before it starts its workers (`--preload`): they have one copy of it in common
# as long as nobody touches it, not even the collector of garbage.
gc.collect()
gc.freeze()
