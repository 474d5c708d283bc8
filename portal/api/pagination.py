"""Pages of rows by cursor: the last page costs as much as the first."""

from base64 import b64encode
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

from portal.open_data.kind import BadQuery

PAGE_SIZE = 50
LARGEST_PAGE = 200
# A key of the database has at most so many digits.
KEY_DIGITS = 18
CURSOR_LENGTH = 200


class RowPages(CursorPagination):
    """In the order of keys. A cursor or size that makes no sense is refused."""

    page_size = PAGE_SIZE
    page_size_query_param = "page_size"
    max_page_size = LARGEST_PAGE
    ordering = "pk"

    def refuse_nonsense(self, request: Request) -> None:
        """Raise BadQuery for a size or cursor that makes no sense, before any row is read."""
        self.get_page_size(request)
        self.decode_cursor(request)

    def get_page_size(self, request: Request) -> int:
        text = request.query_params.get("page_size")
        if text is None:
            return PAGE_SIZE
        is_number = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_PAGE))
        size = int(text) if is_number else 0
        if not 1 <= size <= LARGEST_PAGE:
            sentence = _("A number from 1 to %(largest)s.")
            raise BadQuery({"page_size": [sentence % {"largest": LARGEST_PAGE}]})
        return size

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Only what `next` and `previous` of an answer lead to."""
        text = request.query_params.get("cursor")
        refusal = BadQuery({"cursor": [_("Take cursors from an answer as they are.")]})
        if text is not None and not 0 < len(text) <= CURSOR_LENGTH:
            raise refusal
        try:
            cursor: Any = super().decode_cursor(request)
        except (NotFound, ValueError, UnicodeError):
            raise refusal from None
        if cursor and _as_text(cursor) != text:
            raise refusal
        position = cursor.position if cursor else None
        if position is None:
            return cursor
        is_key = position.isascii() and position.isdigit() and len(position) <= KEY_DIGITS
        if not is_key:
            raise refusal
        return cursor


def _as_text(cursor: Cursor) -> str:
    """The cursor as an answer writes it: whatever else decodes to it was never in an answer."""
    parts: dict[str, object] = {}
    if cursor.offset:
        parts["o"] = cursor.offset
    if cursor.reverse:
        parts["r"] = "1"
    if cursor.position is not None:
        parts["p"] = cursor.position
    return b64encode(urlencode(parts).encode()).decode()
