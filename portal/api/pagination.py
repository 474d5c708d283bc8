"""Pages of rows by cursor: the last page costs as much as the first."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from portal.open_data.kind import BadQuery

PAGE_SIZE = 50
LARGEST_PAGE = 200
# A key of the database has at most so many digits.
KEY_DIGITS = 18
CURSOR_LENGTH = 200


class RowPages(CursorPagination):
    """In the order of keys. A cursor or size that makes no sense is refused.

    A cursor is signed with the name of its list and the filters that it was made with: in a list of
    other rows its place would leave some out.
    """

    page_size = PAGE_SIZE
    page_size_query_param = "page_size"
    max_page_size = LARGEST_PAGE
    ordering = "pk"

    def __init__(self, name: str, filters: Mapping[str, str]) -> None:
        chosen = urlencode(sorted(filters.items()))
        self.signer = Signer(salt=f"cursor of {name}?{chosen}")

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
        """Only what `next` and `previous` of an answer of the same list lead to."""
        text = request.query_params.get("cursor")
        if text is None:
            return None
        try:
            offset, is_reverse, position = self.signer.unsign_object(text[:CURSOR_LENGTH])
        except (BadSignature, ValueError, UnicodeError):
            sentence = _("Take cursors from an answer of the same list as they are.")
            raise BadQuery({"cursor": [sentence]}) from None
        return Cursor(offset, is_reverse, position)

    def encode_cursor(self, cursor: Cursor) -> str:
        """The address of another page."""
        position: Any = cursor.position
        text = self.signer.sign_object([cursor.offset, cursor.reverse, position])
        address: str = replace_query_param(self.base_url, "cursor", text)
        return address
