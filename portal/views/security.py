"""Where to report a security fault: `/.well-known/security.txt`, in the form of RFC 9116."""

from datetime import date

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Contact, validity and languages, from the settings.

    404 without SECURITY_CONTACT: RFC 9116 demands a contact, and a report to an address that nobody
    reads is worse than no address.
    """
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = expiry(timezone.now().date())
    languages = ", ".join(report_languages())
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires}T00:00:00Z",
        f"Preferred-Languages: {languages}",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    if settings.SECURITY_POLICY:
        lines.append(f"Policy: {settings.SECURITY_POLICY}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def expiry(today: date) -> date:
    """The third beginning of a quarter after `today`: six to nine months ahead.

    RFC 9116 asks for less than a year. The date moves four times a year, so that the text stays the
    same in between; a copy that somebody keeps is out of date after nine months at most.
    """
    quarter_of_year = (today.month - 1) // 3
    # Counted from the year 0.
    quarter = today.year * 4 + quarter_of_year + 3
    year, quarter_of_year = divmod(quarter, 4)
    first_month = quarter_of_year * 3 + 1
    return date(year, first_month, 1)


def report_languages() -> list[str]:
    """The network's main language, and English, in which this codebase is written."""
    main_language = settings.LANGUAGE_CODE
    return ["en"] if main_language == "en" else [main_language, "en"]
