"""An entry that is sent twice, by a second press or after the browser's "Back", is added once."""

import time
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from members.editing.admin.way_back import with_back

if TYPE_CHECKING:
    AdminBase = admin.ModelAdmin[Any]
else:
    AdminBase = object

# What a session remembers of what the person added: how many entries, for how many seconds.
REMEMBERED = "added"
MOST_REMEMBERED = 20
SECONDS = 60 * 60


class AddedOnce(AdminBase):
    """The same form with the same content leads to the entry that it made, and adds no second."""

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method == "POST" and IS_POPUP_VAR not in request.POST:
            key = key_of_the_same(request)
            if key and self.get_queryset(request).filter(pk=key).exists():
                message = gettext(
                    "You added this a moment ago: here it is. It was not added a second time."
                )
                self.message_user(request, message, messages.WARNING)
                name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
                url = reverse(name, args=[key])
                return HttpResponseRedirect(with_back(request, url))
        return super().add_view(request, form_url, extra_context)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        remember(request, obj.pk)
        return super().log_addition(request, obj, message)


def fingerprint(request: HttpRequest) -> str:
    """Of the page and all that was sent from it, but for the button and Django's own fields."""
    hidden = ("_", "csrf")
    lines = [request.path]
    for name, values in sorted(request.POST.lists()):
        if not name.startswith(hidden):
            lines.append(f"{name}={values!r}")
    for name, file in sorted(request.FILES.items()):
        lines.append(f"{name}={getattr(file, 'name', '')!r} {getattr(file, 'size', 0)}")
    return sha256("\n".join(lines).encode("utf-8", "backslashreplace")).hexdigest()


def key_of_the_same(request: HttpRequest) -> int | None:
    """The key of the entry that this person made of the same content within the hour."""
    own = fingerprint(request)
    oldest = time.time() - SECONDS
    for text, key, moment in request.session.get(REMEMBERED, []):
        if text == own and moment > oldest:
            return int(key)
    return None


def remember(request: HttpRequest, key: int) -> None:
    now = int(time.time())
    lines = request.session.get(REMEMBERED, [])
    lines = [*lines, [fingerprint(request), key, now]]
    request.session[REMEMBERED] = lines[-MOST_REMEMBERED:]
