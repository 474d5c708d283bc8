"""What a first visit to each kind of page costs: kilobytes over the wire and requests.

`make bench` runs it on the pages of `bench/pages.py`. A page is what the server sends, compressed
as nginx does it, with its style sheet, its scripts, its pictures and its icon. The limit of a page
is 100 kB and 8 requests; `tests/portal/test_weight.py` holds it.
"""

import gzip
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

# The icon of the tab is loaded too.
RESOURCE = re.compile(
    r'<(?:link rel="(?:stylesheet|icon)" href|script src|img[^>]*? src)="([^"]+)"'
)
COMPRESSED = (".css", ".js", ".svg")


@dataclass
class Weight:
    """Bytes of the page itself and of each file that it loads."""

    page: int
    files: dict[str, int] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        return self.page + sum(self.files.values())

    @property
    def requests(self) -> int:
        return 1 + len(self.files)


def addresses_in(html: str) -> list[str]:
    """The addresses of the files that the page loads, each once."""
    return sorted(set(RESOURCE.findall(html)))


def wire_size(name: str, content: bytes) -> int:
    """The bytes of a file as it is sent: compressed, if its kind is."""
    return len(gzip.compress(content, 6)) if name.endswith(COMPRESSED) else len(content)


def measure() -> None:
    from django.contrib.staticfiles import finders  # noqa: PLC0415 - only now are the settings named
    from django.contrib.staticfiles.storage import staticfiles_storage  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from pages import PAGES  # noqa: PLC0415

    names = {staticfiles_storage.url(name): name for name in _static_names(finders)}
    client = Client(headers={"host": "127.0.0.1"})
    print(f"\n{'page':<26} {'kB':>6} {'requests':>9}")
    for kind, url in PAGES.items():
        content = client.get(url).content
        weight = Weight(len(gzip.compress(content, 6)))
        for address in addresses_in(content.decode()):
            path = finders.find(names.get(address, ""))
            if path:
                weight.files[address] = wire_size(address, Path(path).read_bytes())
        print(f"{kind:<26} {weight.bytes / 1000:>6.1f} {weight.requests:>9}")


def _static_names(finders: object) -> list[str]:
    names = []
    for finder in finders.get_finders():  # type: ignore[attr-defined]
        names += [name for name, _storage in finder.list([])]
    return names


if __name__ == "__main__":
    from pages import prepare

    with tempfile.TemporaryDirectory() as scratch:
        prepare(scratch)
        measure()
