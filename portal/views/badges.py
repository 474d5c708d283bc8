"""The badge of a city, which other sites embed."""

import hashlib

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from languages.text import current_language
from members.models import City
from members.standing import standing_of
from members.strip import strips_for
from portal.badges import badge_of

SVG = "image/svg+xml"
# An hour: what a badge says is of today.
CACHE = "public, max-age=3600"
# The one address that other sites may show. As a picture: in a frame of another site no address is
# shown (X-Frame-Options, frame-ancestors). Opened alone, it runs and loads nothing.
FOR_OTHER_SITES = {
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
    ),
    "X-Content-Type-Options": "nosniff",
}


@require_safe
def city_badge(request: HttpRequest, slug: str) -> HttpResponse:
    """The name of a city and how it stands today, in the language of the address."""
    city = get_object_or_404(City.objects.public().select_related("country"), slug=slug)
    own_strip = strips_for([city])[city.pk]
    strip = own_strip if own_strip.is_known else None
    standing = str(standing_of(city) or _("Not listed as a member; shown here for its own work"))
    remark = capfirst(pgettext("marks what is made up", "invented")) if city.fictional else ""
    context = {
        "badge": badge_of(str(city), standing, strip=strip, remark=remark),
        "strip": strip,
        "portal_name": settings.PORTAL_NAME,
    }
    text = render_to_string("portal/city_badge.svg", context)
    etag = quote_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    headers = {"Cache-Control": CACHE, "Content-Language": current_language(), "ETag": etag}
    response = HttpResponse(text, content_type=SVG, headers=headers)
    answered = get_conditional_response(request, etag, None, response) or response
    # Also on a 304: a browser that asks again takes the headers of that answer.
    for name, value in FOR_OTHER_SITES.items():
        answered.headers[name] = value
    return answered
