"""The files of pictures, through a check whether their news is public."""

import logging

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import quote_etag
from django.views.decorators.http import condition, require_safe

from portal.kept_pages.answers import ASK_EACH_TIME
from portal.models import Picture

logger = logging.getLogger(__name__)

FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


@require_safe
def picture_file(request: HttpRequest, pk: int, width: int) -> HttpResponseBase:
    """A picture of public news for everybody; that of a draft for whoever may read it in the
    administration."""
    public = Picture.objects.public().filter(pk=pk).first()
    picture = public or _private_picture(request, pk)
    if picture is None:
        raise Http404
    if width not in picture.widths():
        raise Http404
    response = _file(request, picture, width)
    response["Cache-Control"] = ASK_EACH_TIME if public else "private, no-store"
    return response


def _private_picture(request: HttpRequest, pk: int) -> Picture | None:
    user = request.user
    if not user.is_authenticated:
        return None
    pictures = Picture.objects.editable_by(user)
    picture = pictures.filter(pk=pk).first()
    if picture is None:
        return None
    may_view = user.has_perm("view", picture)
    return picture if may_view else None


def _etag(request: HttpRequest, picture: Picture, width: int) -> str:
    return quote_etag(f"{picture.storage_key}-{width}")


@condition(etag_func=_etag)
def _file(request: HttpRequest, picture: Picture, width: int) -> HttpResponseBase:
    path = picture.path(width)
    try:
        content = default_storage.open(path)
    except (FileNotFoundError, IsADirectoryError, SuspiciousFileOperation) as error:
        reason = type(error).__name__
        logger.error("The file of picture %s cannot be read: %s", picture.pk, reason)
        raise Http404 from error
    response = FileResponse(
        content,
        content_type="image/jpeg",
    )
    response["Content-Security-Policy"] = FILE_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    return response
