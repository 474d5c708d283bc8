"""What "Save and publish" refuses is said on the form, before anything is saved."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from members.editing.admin.way_back import with_back
from members.editing.forms.sources import ADDRESS, SOURCE_FIELDS
from members.models import Record, User
from members.requests import user_of
from members.services import entries

if TYPE_CHECKING:
    AdminBase = admin.ModelAdmin[Any]
else:
    AdminBase = object

# Name of the button.
PUBLISH = "_publish"
# What a request notes about itself.
REFUSED = "portal.publication_refused"


class EntryPublishing(AdminBase):
    """An entry that cannot be public stays in its form, with the reason at its field."""

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        is_publishing = request.method == "POST" and PUBLISH in request.POST
        if is_publishing and issubclass(self.model, Record):
            return before_publishing(form, user_of(request))
        return form

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: Any = None
    ) -> HttpResponse:
        if is_refused(request):
            return self._stay_at(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        if is_refused(request):
            return self._stay_at(request, obj)
        return super().response_change(request, obj)

    def _stay_at(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Back to the page of the entry, where what is lacking can be given: no success."""
        message = gettext("It is saved and not public yet. Give what is lacking here.")
        self.message_user(request, message, messages.WARNING)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        url = reverse(name, args=[obj.pk])
        return HttpResponseRedirect(with_back(request, url))


def note_refusal(request: HttpRequest) -> None:
    """The entry of this request is saved, and a service refused to publish it."""
    request.META[REFUSED] = "yes"


def is_refused(request: HttpRequest) -> bool:
    return REFUSED in request.META


def before_publishing(form_class: type[Any], by: User) -> type[Any]:
    """The form's class, which refuses also what may not be public yet."""

    class FormBeforePublishing(form_class):  # type: ignore[misc]
        def _post_clean(self) -> None:
            """Django's private hook: from here on the row has what was typed (Django 5.2)."""
            super()._post_clean()
            if self.errors:
                return
            names_source = any(self.cleaned_data.get(name) for name in SOURCE_FIELDS)
            try:
                entries.refuse_publication(record=self.instance, by=by, names_source=names_source)
            except ValidationError as error:
                add_publication_error(self, error)

    return FormBeforePublishing


def add_publication_error(form: Any, error: ValidationError) -> None:
    """Say it at the field of the new source, or of the text that is lacking, if the page has it."""
    if getattr(error, "code", "") == "no_source":
        form.add_error(ADDRESS if ADDRESS in form.fields else None, error)
        return
    for name, errors in errors_by_field(error).items():
        form.add_error(name if name in form.fields else None, errors)


def errors_by_field(error: ValidationError) -> dict[str, list[ValidationError]]:
    if hasattr(error, "error_dict"):
        return error.error_dict
    return {NON_FIELD_ERRORS: error.error_list}
