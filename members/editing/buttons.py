"""What the buttons of a page do.

The page names its buttons. A press finds the button by its name, checks its form, calls its
service, and answers with a message and the page where the person goes on.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from members.editing.forms.buttons import ButtonForm
from members.requests import user_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Answer = Callable[[Any], HttpResponse]


class Checked(Protocol):
    """A form, or several forms that are checked together."""

    def is_valid(self) -> bool: ...


@dataclass(frozen=True)
class Button:
    """One button of a page.

    `service` writes; it gets the key of the row that the button belongs to (0 for none). `answer`
    gets what the service gives. `form` is checked first. What the service refuses is said at the
    form `errors_at`, which comes back, or else above the page. Without a service the page comes
    back as it is.
    """

    service: Callable[[int], Any] | None = None
    answer: Answer | None = None
    form: Checked | None = None
    errors_at: BaseForm | None = None


class ButtonPage:
    """A page with buttons, for one request. `url`: where the person goes on after a press."""

    may_write = True

    def __init__(self, request: HttpRequest, url: str = "") -> None:
        self.request = request
        self.user = user_of(request)
        self.url = url or request.get_full_path()

    def transaction(self) -> AbstractContextManager[None]:
        """Everything that a press does happens in it."""
        return transaction.atomic()

    def name_and_key(self) -> tuple[str, int]:
        """Which button was pressed, and for which row."""
        form = ButtonForm(self.request.POST)
        if not form.is_valid():
            raise Http404
        values = form.cleaned_data
        name = values["do"]
        key = values["key"]
        return name, key or 0

    def pressed(self, buttons: Mapping[str, Button]) -> HttpResponse | None:
        """The answer to the pressed button; None for a GET and where the page comes back.

        Raises PermissionDenied for those who may only read, Http404 for a button of another page.
        """
        if self.request.method != "POST":
            return None
        if not self.may_write:
            raise PermissionDenied
        name, key = self.name_and_key()
        if name not in buttons:
            raise Http404
        return self.press(buttons[name], key)

    def press(self, button: Button, key: int = 0) -> HttpResponse | None:
        form = button.form
        with self.transaction():
            if form is not None and not form.is_valid():
                return None
            if button.service is None or button.answer is None:
                return None
            try:
                with transaction.atomic():
                    result = button.service(key)
            except ValidationError as error:
                return self._refuse(button, error)
            return button.answer(result)

    def _refuse(self, button: Button, error: ValidationError) -> HttpResponse | None:
        form = button.errors_at
        if form is not None:
            form.add_error(None, error)
            return None
        reasons = " ".join(error.messages)
        messages.error(self.request, reasons)
        return HttpResponseRedirect(self.url)

    def report(self, text: "StrOrPromise", url: str = "") -> HttpResponse:
        """Say what was done, and lead on."""
        messages.success(self.request, str(text))
        next_url = url or self.url
        return HttpResponseRedirect(next_url)

    def says(self, text: "StrOrPromise") -> Answer:
        """An answer with this message, whatever the service gave."""
        return lambda result: self.report(text)
