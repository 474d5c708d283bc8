"""Requests of people who have signed in, for annotations and for the type checker."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from members.models import User


class AuthenticatedHttpRequest(HttpRequest):
    """A request behind a sign-in: its user is one of our people, never anonymous.

    Views and functions that only signed-in people reach take this type. It exists for annotations:
    no request is ever made of this class.
    """

    user: User


def user_of(request: HttpRequest) -> User:
    """The person who sent the request; raises PermissionDenied (403) for a visitor.

    For hooks of Django's administration, whose signature says `HttpRequest`. Not for hooks that the
    sign-in page calls too (`has_module_permission`).
    """
    if not isinstance(request.user, User):
        raise PermissionDenied("Nobody has signed in.")
    return request.user
