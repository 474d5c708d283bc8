"""How the portal writes to people: a wording is composed, made into a message, and handed to the
mail server."""

from members.emails.delivery import NotTaken, Post
from members.emails.message import build, letter_language, send_password_reset, site_link
from members.emails.writing import Composed, compose, portal_wording, sample

__all__ = [
    "Composed",
    "NotTaken",
    "Post",
    "build",
    "compose",
    "letter_language",
    "portal_wording",
    "sample",
    "send_password_reset",
    "site_link",
]
