"""The administration of programmes: a page for a programme, one for an edition, and one for each
part."""

from programs.admin import pages, parts

__all__ = ["pages", "parts"]
