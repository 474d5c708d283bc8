"""What says that a page may read otherwise than before."""

from django.db import models


class PageVersion(models.Model):
    """A random word for a transaction that wrote something that pages show.

    Triggers of the database write it, in the same transaction (`portal/kept_pages/triggers.py`).
    All words together are the version of all pages. On SQLite there is one, on PostgreSQL a few.
    """

    # No person reads it: it has no name in eight languages.
    word = models.CharField(primary_key=True, max_length=36)

    def __str__(self) -> str:
        return self.word
