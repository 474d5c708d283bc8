"""How a city joins, and the form by which it says that it thinks about joining."""

import logging
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from languages.text import translated
from members import limits
from members.citations import citations_of
from members.fees import fees_today, span_of
from members.figures import accession_times, median_days
from members.forms.interest import InterestForm
from members.models import ExpressionOfInterest, NetworkText, Point, Record
from members.services import interests
from members.services.people import fingerprint

logger = logging.getLogger(__name__)

# Paragraphs of a council resolution that a city can take and change. Square brackets: to fill in.
RESOLUTION = (
    gettext_lazy("The council of [city] decides:"),
    gettext_lazy(
        "1. The city applies to join the network “{network}” and adopts its plan of action."
    ),
    gettext_lazy("2. The mayor signs the Act of Accession and Commitment for the city."),
    gettext_lazy(
        "3. By [date] the administration proposes which actions the city chooses under the points "
        "of the plan, and what they cost."
    ),
    gettext_lazy("4. [Office] is the focal point that keeps contact with the network."),
    gettext_lazy(
        "5. The yearly fee and the journey to the members’ meeting are paid from [budget line]."
    ),
    gettext_lazy(
        "6. Every two years the city reports to the network, and to the council, what it has done."
    ),
    gettext_lazy(
        "Reasons: racism and discrimination harm people in this city. The plan says in which "
        "fields a city can act; other members show what works; and what the city promises and "
        "does is public."
    ),
)


def resolution() -> list[str]:
    """The paragraphs of the model resolution, in the reader's language."""
    network = NetworkText.wordings("name").get("name", "")
    return [str(paragraph).format(network=network) for paragraph in RESOLUTION]


@require_safe
def resolution_text(request: HttpRequest) -> HttpResponse:
    """The model resolution as a text file."""
    text = "\n\n".join(resolution()) + "\n"
    return HttpResponse(
        text,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="resolution.txt"'},
    )


@require_safe
def join(request: HttpRequest) -> HttpResponse:
    """What joining means, what a city must do, what it costs, how long it took others."""
    duties = NetworkText.objects.public().filter(key=NetworkText.Key.MEMBERS_DO).first()
    times = accession_times()
    fees = fees_today()
    rows: list[Record] = [fee.band for fee in fees]
    for time in times:
        rows += [time.basis, time.decision]
    context = {
        "resolution": resolution(),
        "contact": settings.CONTACT_EMAIL,
        "duties": translated(duties, "text") if duties else None,
        "duties_citations": citations_of([duties]) if duties else [],
        "points": Point.objects.public().filter(plan__in_force=True).count(),
        "fees": fees,
        "fee_span": span_of(fees),
        "border_unknown": any(fee.ends_unknown for fee in fees),
        "times": times,
        "median": median_days(times) if times else None,
        "as_of": timezone.localdate(),
        "citations": citations_of(rows),
    }
    return render(request, "members/join.html", context)


def from_own_pages(request: HttpRequest) -> bool:
    """Whether a form was sent from the portal's own pages, as the browser says it.

    The page of another site must not send our form in the name of its visitor. Older browsers and
    programs say nothing; the stamp and the limits are for them.
    """
    site = request.headers.get("Sec-Fetch-Site", "")
    if site and site not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    own_hosts = {request.get_host(), urlsplit(settings.SITE_URL).netloc}
    try:
        return urlsplit(origin).netloc in own_hosts
    except ValueError:
        # "http://[": no browser writes that.
        return False


@csrf_exempt
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def interest_form(request: HttpRequest) -> HttpResponse:
    """The form. A program that fills in the hidden field gets the same thanks; nothing is saved."""
    form = InterestForm(request.POST if request.method == "POST" else None)
    if form.is_bound and not from_own_pages(request):
        sentence = _(
            "This form can be sent from its own page only. Check what it says and send "
            "it from here."
        )
        form.add_error(None, sentence)
        return _form_page(request, form, status=403)
    if form.is_bound and form.is_from_a_program:
        logger.warning("The form for joining was filled in by a program")
        return redirect("interest_thanks")
    if not form.is_valid():
        if form.is_bound:
            _log_stamp(form)
        return _form_page(request, form)
    try:
        interests.receive(values=form.cleaned_data, sender=limits.sender_of(request))
    except interests.TooMany:
        sentence = _(
            "Too many messages came in. Nothing was sent. Try again in an hour, or tomorrow."
        )
        form.add_error(None, sentence)
        return _form_page(request, form, status=429)
    return redirect("interest_thanks")


def _log_stamp(form: InterestForm) -> None:
    for code in ("stamp", "too_quick"):
        if form.has_error(NON_FIELD_ERRORS, code):
            logger.warning("The form for joining was refused: %s", code)


def _form_page(request: HttpRequest, form: InterestForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "interest_days": settings.INTEREST_DAYS,
        "answered_interest_days": settings.ANSWERED_INTEREST_DAYS,
    }
    response = render(request, "members/interest_form.html", context, status=status)
    if form.is_bound:
        response["Cache-Control"] = "no-store"
    return response


@require_safe
def interest_thanks(request: HttpRequest) -> HttpResponse:
    """The message is on its way; a letter is too."""
    return render(request, "members/interest_thanks.html", {"days": settings.INTEREST_DAYS})


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def interest_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the letter: one button.

    A GET changes nothing, because programs that check links open it too.
    """
    rows = ExpressionOfInterest.objects.filter(token_hash=fingerprint(token))
    interest = rows.first()
    if interest is None:
        days = {"days": settings.INTEREST_DAYS}
        return render(request, "members/interest_gone.html", days, status=410)
    is_post = request.method == "POST"
    if not is_post or not from_own_pages(request):
        status = 403 if is_post else 200
        template = "members/interest_confirm.html"
        return render(request, template, {"interest": interest}, status=status)
    interests.confirm(interest=interest)
    return redirect("interest_confirmed")


@require_safe
def interest_confirmed(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "members/interest_confirmed.html")
