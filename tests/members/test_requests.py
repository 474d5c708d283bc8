import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils.functional import SimpleLazyObject

from members.models import User
from members.requests import user_of


def test_user_of_gives_the_person_who_signed_in(rf) -> None:
    request, person = rf.get("/"), User(email="ana@example.org")
    # Django's middleware sets a lazy object, not the row itself.
    request.user = SimpleLazyObject(lambda: person)
    assert user_of(request) == person


def test_user_of_refuses_a_visitor(rf) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()
    with pytest.raises(PermissionDenied):
        user_of(request)
