"""The private calendar of deadlines, for calendar programs: they have no session."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from members import emails
from members.deadline_calendar import calendar_file, person_of_calendar
from members.deadlines import deadlines_of, has_calendar


@require_safe
@never_cache
def deadline_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """In the person's language. It ends with their last role, and when the address is renewed."""
    person = person_of_calendar(token)
    if person is None or not has_calendar(person):
        raise Http404
    with override(emails.letter_language(person.language)):
        content = calendar_file(deadlines_of(person))
    return HttpResponse(
        content,
        "text/calendar; charset=utf-8",
        headers={"X-Robots-Tag": "noindex", "Content-Disposition": "inline"},
    )
