"""What a script sends every few seconds: the fields of the page that a person is writing on."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBadRequest
from django.views.decorators.http import require_POST

from members.editing.unsent import is_carried_to, texts_and_choices
from members.models import KeptForm
from members.requests import AuthenticatedHttpRequest
from members.services import kept
from members.views.work import Context

LONGEST_PAGE = KeptForm._meta.get_field("page").max_length


class KeptPageForm(forms.Form):
    """`?page=`: the path of the page."""

    page = forms.CharField(max_length=LONGEST_PAGE)

    def clean_page(self) -> str:
        page: str = self.cleaned_data["page"]
        if "?" in page or not is_carried_to(page):
            raise ValidationError("Only pages of the administration are kept.")
        return page


@require_POST
def keep_form(request: AuthenticatedHttpRequest, site: Context) -> HttpResponse:
    """Keep the fields for the person who sent them; 413 where it is too much, 409 where another
    window of theirs keeps something else. `?since=`: the mark of what their window knows."""
    form = KeptPageForm(request.GET)
    if not form.is_valid():
        return HttpResponseBadRequest()
    try:
        row = kept.keep_form(
            page=form.cleaned_data["page"],
            fields=texts_and_choices(request.POST),
            by=request.user,
            since=request.GET.get("since"),
        )
    except kept.KeptElsewhere:
        return HttpResponse(status=409)
    if row is None:
        return HttpResponse(status=413)
    return HttpResponse(status=204, headers={"X-Kept-Mark": row.mark})
