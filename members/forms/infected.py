"""ClamAV checks uploads, where the administrator runs it (`CLAMAV_SOCKET`)."""

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


def refuse_infected(upload: "UploadedFile[bytes]") -> None:
    """Raise ValidationError for a file in which ClamAV finds something, or that it cannot check.

    Without `CLAMAV_SOCKET` no file is checked. The protocol is clamd's INSTREAM: each piece after
    its length, then a length of 0; the answer is one line
    (https://docs.clamav.net/manual/Usage/Scanning.html#clamd).
    """
    if not settings.CLAMAV_SOCKET:
        return
    try:
        answer = _ask(upload)
    except OSError as error:
        logger.error("ClamAV does not answer at CLAMAV_SOCKET: %s", error)
        raise _not_checked() from error
    if answer.endswith("FOUND"):
        logger.warning("ClamAV refused an upload: %s", answer)
        raise ValidationError(
            _("The virus scanner found something in this file: it was not kept."), code="infected"
        )
    if not answer.endswith("OK"):
        logger.error("ClamAV answered: %s", answer)
        raise _not_checked()


def _not_checked() -> ValidationError:
    sentence = _(
        "This file cannot be checked for viruses at the moment. Try again in a few minutes."
    )
    return ValidationError(sentence, code="unchecked")


def _ask(upload: "UploadedFile[bytes]") -> str:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(SECONDS)
        connection.connect(settings.CLAMAV_SOCKET)
        connection.sendall(b"zINSTREAM\0")
        for piece in upload.chunks(PIECE):
            length = struct.pack("!L", len(piece))
            connection.sendall(length + piece)
        no_more = struct.pack("!L", 0)
        connection.sendall(no_more)
        line = _line(connection)
    upload.seek(0)
    answer = line.rstrip(b"\0").decode(errors="replace")
    return answer.strip()


def _line(connection: socket.socket) -> bytes:
    """What the server sends until a zero byte, the end of the connection or LONGEST_ANSWER."""
    line = b""
    while not line.endswith(b"\0") and len(line) < LONGEST_ANSWER:
        more = connection.recv(1000)
        if not more:
            break
        line += more
    return line
