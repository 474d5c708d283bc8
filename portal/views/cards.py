"""The pictures that other sites show beside a link to a city, a programme, a news item."""

import logging

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.utils.http import quote_etag
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import condition, require_safe

from languages.dates import format_partial
from languages.text import current_language, named, translated
from members.models import City, NetworkText
from members.standing import standing_of
from members.strip import strips_for
from portal.cards import Card, png_of
from portal.models import News
from programs.models import Edition, Programme
from programs.stages import dated_stages, stage_words

logger = logging.getLogger(__name__)

# A card shows what the page says; a day later at most, other sites may ask for it again.
MAX_AGE = 86_400


@require_safe
def site_card(request: HttpRequest) -> HttpResponse:
    """Of every page without a card of its own."""
    network = NetworkText.wordings("name")
    sentence = _(
        "What cities promised to do against racism and discrimination, what they have done, and "
        "where to get help."
    )
    title = _("Cities against racism and discrimination")
    return _answer(request, "site", Card(title, str(network.get("name", "")), remark=sentence))


@require_safe
def city_card(request: HttpRequest, slug: str) -> HttpResponse:
    """Its name, how it stands, its strip, where it lies."""
    cities = City.objects.public().select_related("country")
    city = get_object_or_404(cities, slug=slug)
    strip = strips_for([city])[city.pk]
    degrees = None
    if city.latitude is not None and city.longitude is not None and not city.fictional:
        degrees = (float(city.latitude), float(city.longitude))
    card = Card(
        title=str(city),
        kicker=_kicker(str(city.country), is_fictional=city.fictional),
        line=str(standing_of(city) or _("Not listed as a member; shown here for its own work")),
        strip=strip if strip.is_known else None,
        degrees=degrees,
    )
    return _answer(request, f"city-{city.pk}", card)


@require_safe
def programme_card(request: HttpRequest, slug: str) -> HttpResponse:
    """Its name, whose it is, its stage."""
    programmes = Programme.objects.public().select_related("city")
    programme = get_object_or_404(programmes, slug=slug)
    editions = dated_stages(Edition.objects.public().filter(programme=programme))
    edition = editions.order_by("-period_from", "-pk").first()
    owner = str(programme.city or "")
    card = Card(
        title=str(named(programme)),
        kicker=_kicker(
            capfirst(programme.get_kind_display()), owner, is_fictional=programme.fictional
        ),
        line=capfirst(stage_words(edition)) if edition else "",
        remark=_short(str(translated(programme, "introduction"))),
    )
    return _answer(request, f"programme-{programme.pk}", card)


@require_safe
def news_card(request: HttpRequest, slug: str) -> HttpResponse:
    """Its title, its day, whose news it is."""
    news = get_object_or_404(News.objects.public().select_related("city"), slug=slug)
    owner = str(news.city or _("The network"))
    day = str(format_partial(news.on, current_language()))
    card = Card(
        title=str(translated(news, "title")),
        kicker=_kicker(owner, day, is_fictional=news.fictional),
        remark=_short(str(translated(news, "lead"))),
    )
    return _answer(request, f"news-{news.pk}", card)


def _kicker(*texts: str, is_fictional: bool) -> str:
    invented = [capfirst(pgettext("marks what is made up", "invented"))] if is_fictional else []
    return " · ".join([*invented, *filter(None, texts)])


def _short(text: str) -> str:
    """The first hundred and forty letters, to the end of a word."""
    flat = " ".join(text.replace("*", "").split())
    if len(flat) <= 140:
        return flat
    return f"{flat[:140].rpartition(' ')[0]} …"


# --- The file -------------------------------------------------------------------------------------


def _etag(request: HttpRequest, name: str, card: Card) -> str:
    return quote_etag(card.key)


@condition(etag_func=_etag)
def _answer(request: HttpRequest, name: str, card: Card) -> HttpResponse:
    content = _content(f"cards/{name}/{current_language()}", card)
    response = HttpResponse(content, content_type="image/png")
    patch_cache_control(response, public=True, max_age=MAX_AGE)
    return response


def _content(folder: str, card: Card) -> bytes:
    """The file as it was drawn once; the one before it is deleted. A storage that fails costs
    time, not the picture."""
    path = f"{folder}/{card.key}.png"
    try:
        with default_storage.open(path) as file:
            picture: bytes = file.read()
            return picture
    except OSError:
        pass
    content = png_of(card)
    try:
        _delete_others(folder)
        default_storage.save(path, ContentFile(content))
    except OSError:
        logger.exception("The card %s cannot be kept", path)
    return content


def _delete_others(folder: str) -> None:
    try:
        _folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        # The first card; a bucket has no folders and answers with an empty list.
        return
    for file in files:
        default_storage.delete(f"{folder}/{file}")
