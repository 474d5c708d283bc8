"""What is kept of a page: its text in gzip, its headers, and until when it holds."""

import gzip
import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from http import HTTPStatus

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import quote_etag

# Larger pages are made anew each time.
MOST_BYTES = 4_000_000
# The usual level of gzip.
LEVEL = 6
# Headers that say something of one answer or of one reader.
OWN_HEADERS = ("Content-Length", "Vary", "ETag")
# By these a page may differ from reader to reader. The address alone says the language.
SAFE_TO_VARY = {"accept-encoding", "accept-language", ""}
PRIVATE = ("no-store", "private", "no-cache")
# No copy holds longer than the longest day, which ends with summer time. One that claims to was
# made while the clock was ahead.
MOST_SECONDS = 25 * 60 * 60


@dataclass(frozen=True)
class Copy:
    """A page as it was made. `version` is that of all pages before it was made; `ends` in seconds
    since 1970."""

    key: str
    version: str
    ends: float
    etag: str
    headers: dict[str, str]
    content: bytes = b""

    @classmethod
    def of(cls, response: HttpResponse, *, key: str, version: str, ends: datetime) -> "Copy":
        text = response.content
        headers = dict(response.headers)
        digest = hashlib.sha256(text)
        etag = quote_etag(digest.hexdigest())
        etag = headers.get("ETag", etag)
        for name in OWN_HEADERS:
            headers.pop(name, None)
        return cls(
            key=key,
            version=version,
            ends=ends.timestamp(),
            etag=etag,
            headers=headers,
            # The moment in the head of the file would tell when it was made.
            content=gzip.compress(text, LEVEL, mtime=0),
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> "Copy | None":
        """None for what is no copy, or one of an older release."""
        head, _line, content = data.partition(b"\n")
        try:
            return cls(**json.loads(head), content=content)
        except (ValueError, TypeError):
            return None

    def to_bytes(self) -> bytes:
        fields = asdict(self)
        del fields["content"]
        head = json.dumps(fields)
        lines = [
            head.encode(),
            self.content,
        ]
        return b"\n".join(lines)

    @property
    def text(self) -> bytes:
        return gzip.decompress(self.content)

    def holds(self, version: str, now: float) -> bool:
        """Whether a reader may get it: nothing was published since, and its time is not over."""
        if not 0 < self.ends - now <= MOST_SECONDS:
            return False
        return self.version == version


def may_be_kept(response: HttpResponseBase) -> bool:
    """Whether an answer is a whole page that says the same to everybody."""
    if response.streaming:
        return False
    if response.status_code != HTTPStatus.OK:
        return False
    if response.cookies:
        return False
    cached = response.headers.get("Cache-Control", "")
    for word in PRIVATE:
        if word in cached:
            return False
    varies_by = response.headers.get("Vary", "")
    names = varies_by.lower().split(",")
    return SAFE_TO_VARY.issuperset(map(str.strip, names))
