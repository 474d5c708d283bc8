"""What changed about a city, as a page and as a feed."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from languages.text import current_language, labelled
from members.models import City
from members.paging import page_or_404
from members.standing import standing_of
from portal.changes import PublicChange, by_whom, changes_of, new_text, readable
from portal.feeds import for_xml

PER_PAGE = 20
IN_FEED = 30
ATOM = "application/atom+xml; charset=utf-8"


def city_changes(request: HttpRequest, slug: str) -> HttpResponse:
    """Every change that the public could see, the latest first."""
    city = _city(slug)
    page = page_or_404(Paginator(changes_of(city), PER_PAGE), request)
    context = {
        "city": city,
        "page_obj": page,
        "changes": readable(page.object_list),
        "query_prefix": "",
    }
    return render(request, "portal/city_changes.html", context)


def city_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The latest changes for a feed reader."""
    city = _city(slug)
    site = settings.SITE_URL
    page = site + reverse("city_changes", args=[slug])
    feed_url = site + reverse("city_feed", args=[slug])
    title = _("What changed: %(city)s") % {"city": city}
    feed = Atom1Feed(
        title=for_xml(title),
        link=page,
        description="",
        subtitle=str(standing_of(city) or "") or None,
        language=current_language(),
        feed_url=feed_url,
    )
    latest = changes_of(city)[:IN_FEED]
    for change in readable(latest):
        address = f"{page}#change-{change.pk}"
        words = labelled(change.kind, change.name)
        feed.add_item(
            title=for_xml(words),
            link=address,
            unique_id=address,
            description=_in_words(change),
            author_name=by_whom(change),
            pubdate=change.at,
            updateddate=change.at,
        )
    return HttpResponse(
        feed.writeString("utf-8"),
        content_type=ATOM,
    )


def _in_words(change: PublicChange) -> str:
    """Plain text: the fields and what stands in them now."""
    lines = []
    for field in change.changes:
        label = field.label
        if field.language:
            label += f" ({field.language})"
        text = new_text(field) or "–"
        lines.append(labelled(label, text))
    return for_xml("\n\n".join(lines))


def _city(slug: str) -> City:
    cities = City.objects.public()
    city = cities.filter(slug=slug).first()
    if city is None:
        raise Http404
    return city
