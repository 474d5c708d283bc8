"""The page at which somebody ends the letters about what waits, without signing in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from members import emails
from members.models import User
from members.services import summaries


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def summaries_stop(request: HttpRequest, token: str) -> HttpResponse:
    """One button. Mail programs press it themselves, without cookies and from another site
    (RFC 8058): the signed token is all that counts, and all it can do is end letters."""
    key = emails.person_who_stops(token)
    if key is None:
        raise Http404
    person = get_object_or_404(
        User,
        pk=key,
    )
    if request.method == "POST":
        summaries.stop(person=person)
        person.refresh_from_db()
    return render(request, "members/accounts/summaries_stop.html", {"person": person})
