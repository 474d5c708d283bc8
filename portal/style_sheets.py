"""The style sheets that pages load. Each joins small files of `static/css/`, in cascade order.

A page loads at most two sheets. Public pages load `css/public.css`. Pages of the administration
load `css/staff.css`, and then one sheet for their kind of page (`css/staff-form.css`, …), which
ends with Django's `responsive.css`: that one must come after the rules it overrides.
`docs/decisions/0020-style-sheets-by-part.md` says why.

`StyleSheetFinder` gives these sheets to Django as static files: `collectstatic` and the development
server find them like any other file, so that every environment serves the same text.
"""

import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from threading import get_ident

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage, Storage

TOKENS = "css/tokens.css"
FORMS = "admin/css/forms.css"
RESPONSIVE = "admin/css/responsive.css"


def _files(folder: str, names: str) -> list[str]:
    base = f"css/{folder}"
    return [f"{base}/{name}.css" for name in names.split()]


PUBLIC = _files(
    "public",
    # Elements without a class, then the frame of the page.
    "reset text tables controls quotations preferences"
    " frame header breadcrumbs columns footer"
    # What has a class of its own.
    " words buttons search-field tags notices forms filters facts points city-list facets strip"
    " chapters city dated folds locator point time-axis"
    " actions items search-results news programmes chart line-chart figures matrix timeline help"
    " situations help-card sources home call compare cite prose name-columns pagination changes map"
    " downloads"
    # Last: systems with colours of their own, text that is only read aloud, paper.
    " forced-colors hidden print print-city",
)
STAFF = _files(
    "staff",
    "colours text header lists controls messages language-panels waiting"
    " form-rows accession-file file-lists file-forms confirmation worklist pagination say editing"
    " letters desks forced-colors print",
)

# The address of a sheet, and the files that it joins: ours, and those of Django's administration.
SHEETS = {
    "css/public.css": [TOKENS, *PUBLIC],
    # The Act of Accession, which is a paper.
    "css/act.css": [TOKENS, "css/paper/act.css"],
    "css/staff.css": ["admin/css/base.css", "admin/css/dark_mode.css", TOKENS, *STAFF],
    "css/staff-index.css": [
        "admin/css/dashboard.css",
        *_files("staff", "network entry-search"),
        RESPONSIVE,
    ],
    "css/staff-list.css": ["admin/css/changelists.css", RESPONSIVE],
    "css/staff-form.css": [FORMS, RESPONSIVE],
    # Forms with a choice that suggests while a person types.
    "css/staff-choice.css": [
        FORMS,
        "admin/css/vendor/select2/select2.min.css",
        "admin/css/autocomplete.css",
        RESPONSIVE,
    ],
    "css/staff-work.css": [
        FORMS,
        *_files("staff", "work page-form desk city-desk team"),
        RESPONSIVE,
    ],
    # A third sheet, only for a language that is written from right to left.
    "css/staff-rtl.css": ["admin/css/rtl.css", RESPONSIVE, "admin/css/responsive_rtl.css"],
}

COMMENT = re.compile(r"/\*.*?\*/\n?", re.DOTALL)
# What a sheet may name: another sheet to read at this place, or a picture by a relative address.
REFERENCE = re.compile(
    r"@import url\(['\"](?P<sheet>[^'\"]+)['\"]\);"
    r"|url\((?P<quote>['\"]?)(?!data:|#|/)(?P<picture>[^'\")]+)"
)


def join_files(sheet: str) -> str:
    """The text of one sheet, without comments: these are a fifth of its compressed bytes."""
    names = SHEETS[sheet]
    texts = [_text_of(name, sheet) for name in names]
    text = "\n".join(texts)
    return COMMENT.sub("", text)


def _text_of(name: str, sheet: str) -> str:
    """The text of a static file as it stands in the sheet.

    Imported files stand in the place of their import; addresses of pictures are relative to the
    sheet. Raises `FileNotFoundError` where there is no such file.
    """
    file = finders.find(name)
    if not file:
        raise FileNotFoundError(f"{sheet} needs {name}, which is not among the static files.")
    folder = posixpath.dirname(name)
    folder_of_sheet = posixpath.dirname(sheet)

    def replacement(reference: re.Match[str]) -> str:
        if reference["sheet"]:
            other_sheet = posixpath.join(folder, reference["sheet"])
            return _text_of(other_sheet, sheet)
        picture = posixpath.join(folder, reference["picture"])
        address = posixpath.relpath(picture, folder_of_sheet)
        quote = reference["quote"]
        return f"url({quote}{address}"

    text = Path(file).read_text(encoding="utf-8")
    return REFERENCE.sub(replacement, text)


class StyleSheetFinder(finders.BaseFinder):
    """Makes the sheets in `var/style-sheets/` whenever Django asks for one."""

    storage = FileSystemStorage(location=settings.VAR_DIR / "style-sheets")

    # Both of Django's overloads in one: a path, or a list of paths.
    def find(  # type: ignore[override]
        self, path: str, find_all: bool = False, **options: object
    ) -> str | Sequence[str]:
        """The file of the sheet with this address; an empty list where it is none of ours."""
        if path not in SHEETS:
            return []
        file = self._write(path)
        return [file] if find_all else file

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Every sheet, for `collectstatic`."""
        for path in SHEETS:
            self._write(path)
            yield path, self.storage

    def _write(self, path: str) -> str:
        """The path of the sheet on disk. A file changes in one step: two requests may write."""
        file = Path(self.storage.path(path))
        text = join_files(path)
        is_current = file.exists() and file.read_text(encoding="utf-8") == text
        if is_current:
            return str(file)
        file.parent.mkdir(parents=True, exist_ok=True)
        suffix = f".{os.getpid()}-{get_ident()}"
        draft = file.with_suffix(suffix)
        draft.write_text(text, encoding="utf-8")
        draft.replace(file)
        return str(file)
