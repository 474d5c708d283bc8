"""Uploads looked at by ClamAV, where the administrator runs it (`CLAMAV_SOCKET`)."""

import logging
import socket
import struct

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

SECONDS = 30
PIECE = 64 * 1024
LONGEST_ANSWER = 4096


def refuse_infected(upload: UploadedFile) -> None:
    """Raise ValidationError for a file in which ClamAV finds something, or which it could not look
    at.

    Without `CLAMAV_SOCKET` nothing is looked at. The talk is clamd's INSTREAM: pieces after their
    length, then a length of 0; the answer is one line
    (https://docs.clamav.net/manual/Usage/Scanning.html#clamd).
    """
    if not settings.CLAMAV_SOCKET:
        return
    try:
        answer = _ask(upload)
    except OSError as error:
        logger.error("ClamAV does not answer at CLAMAV_SOCKET: %s", error)
        raise ValidationError(
            _("This file cannot be checked for viruses at the moment. Try again in a few minutes."),
            code="unchecked",
        ) from error
    if answer.endswith("FOUND"):
        logger.warning("ClamAV refused an upload: %s", answer)
        raise ValidationError(
            _("The virus scanner found something in this file: it was not kept."), code="infected"
        )
    if not answer.endswith("OK"):
        logger.error("ClamAV answered: %s", answer)
        raise ValidationError(
            _("This file cannot be checked for viruses at the moment. Try again in a few minutes."),
            code="unchecked",
        )


def _ask(upload: UploadedFile) -> str:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as talk:
        talk.settimeout(SECONDS)
        talk.connect(settings.CLAMAV_SOCKET)
        talk.sendall(b"zINSTREAM\0")
        for piece in upload.chunks(PIECE):
            talk.sendall(struct.pack("!L", len(piece)) + piece)
        talk.sendall(struct.pack("!L", 0))
        answer = b""
        while (
            not answer.endswith(b"\0")
            and len(answer) < LONGEST_ANSWER
            and (more := talk.recv(1000))
        ):
            answer += more
    upload.seek(0)
    return answer.rstrip(b"\0").decode(errors="replace").strip()
