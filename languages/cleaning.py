"""The one cleaning of everything that people and files write.

Unicode NFC, and no characters that nobody can see or that turn the order of the text around them.
Spaces and marks that a language needs stay: no-break and narrow spaces, soft hyphens, joiners
(Persian, emoji), marks of direction (Arabic, Hebrew).
"""

import re
import unicodedata

# What programs write for the end of a line: PowerPoint (U+000B), a page break, NEL, the separators
# of Unicode.
_LINE_ENDS = "\x0b\x0c\x85\u2028\u2029"
# Word's own hyphen that does not break.
_WORD_HYPHEN = "\x1e"

_JUNK = (
    # Control characters, except tab and the ends of lines.
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
    # Embeddings, overrides and isolates of direction: they reach beyond the text (UAX 9).
    "\u202a-\u202e\u2066-\u2069"
    # A space without width: no language of the network needs it.
    "\u200b"
    # Deprecated formats, the byte-order mark, annotations, the place of a pasted object.
    "\u206a-\u206f\ufeff\ufff9-\ufffc"
    # Halves of a pair, and what Unicode keeps free of characters.
    "\ud800-\udfff\ufdd0-\ufdef"
) + "".join(chr(plane * 0x10000 + end) for plane in range(17) for end in (0xFFFE, 0xFFFF))

_TO_LINE_END = re.compile(f"[{_LINE_ENDS}]")
_TO_NOTHING = re.compile(f"[{_JUNK}]")
# Spaces, and characters that show nothing by themselves: soft hyphens, joiners, marks, fillers.
_NOTHING_TO_SEE = re.compile(
    "[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2060-\u2064"
    "\u2800\u3164\ufe00-\ufe0f\uffa0]+"
)
_LINE_BREAK = re.compile(r"[\r\n\t]+")


def clean_text(text: str) -> str:
    """A text as it is stored; "" if there is nothing to see in it.

    Line ends that a browser sends ("\\r\\n") stay as they are.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.replace(_WORD_HYPHEN, "\u2011")
    text = _TO_LINE_END.sub("\n", text)
    text = _TO_NOTHING.sub("", text)
    if _NOTHING_TO_SEE.fullmatch(text):
        return ""
    return unicodedata.normalize("NFC", text)


def clean_line(text: str) -> str:
    """A text of one line as it is stored: ends of lines and tabs are spaces."""
    cleaned = clean_text(text)
    return _LINE_BREAK.sub(" ", cleaned)


def is_same_text(one: object, other: object) -> bool:
    """Whether two values are equal, apart from the line ends that a browser sends."""
    if isinstance(one, str) and isinstance(other, str):
        return _plain(one) == _plain(other)
    return one == other


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
