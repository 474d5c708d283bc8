"""Signing in, and the answer to `user.has_perm`."""

from typing import Any

from django.apps import apps
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.http import HttpRequest

from members.models import User
from members.permissions import ALL_VERBS, RIGHTS, may


class RightsBackend(BaseBackend):
    """E-mail address and password; rights from `members/permissions.py`."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        address: str = username or kwargs.get("email") or ""
        email = address.strip().lower()
        if not email or not password or "\x00" in email:
            return None
        user = User.objects.filter(email=email).first()
        if user is None:
            # As slow as a wrong password: the time must not tell who has an account.
            make_password(password)
            return None
        is_right = user.check_password(password)
        return user if is_right and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        users = User.objects.filter(pk=user_id, is_active=True)
        return users.first()

    def has_perm(
        self,
        user_obj: User | AnonymousUser,
        perm: str,
        obj: models.Model | None = None,
    ) -> bool:
        """`("change", city)`, `("members.change_city", city)` or, for any record,
        `"members.change_city"`."""
        if not isinstance(user_obj, User):
            return False
        is_verb = perm in ALL_VERBS
        if is_verb and obj is not None:
            return may(user_obj, perm, obj)
        app_label, _dot, codename = perm.partition(".")
        verb, _underscore, model_name = codename.partition("_")
        try:
            model = apps.get_model(app_label, model_name)
        except (LookupError, ValueError):
            return False
        if obj is None:
            return may(user_obj, verb, model)
        if not isinstance(obj, model):
            return False
        return may(user_obj, verb, obj)

    def has_module_perms(self, user_obj: User, app_label: str) -> bool:
        """Whether the person sees anything of this app in the administration."""
        for label in RIGHTS:
            is_of_app = label.startswith(f"{app_label}.")
            if is_of_app and may(user_obj, "view", apps.get_model(label)):
                return True
        return False
