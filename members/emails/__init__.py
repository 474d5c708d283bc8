"""How the portal writes to people: to compose a wording, build a message, and hand it over."""

from members.emails.delivery import NotTaken, Post
from members.emails.message import (
    build,
    letter_language,
    link_to,
    person_who_stops,
    send_erased,
    send_password_reset,
    site_link,
    stop_link,
)
from members.emails.writing import Composed, compose, portal_wording, sample

__all__ = [
    "Composed",
    "NotTaken",
    "Post",
    "build",
    "compose",
    "letter_language",
    "link_to",
    "person_who_stops",
    "portal_wording",
    "sample",
    "send_erased",
    "send_password_reset",
    "site_link",
    "stop_link",
]
