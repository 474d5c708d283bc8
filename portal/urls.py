"""Every address of the portal. Public pages have the reader's language before them; slugs do not
change with it."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from members.views import accounts, documents
from portal import health, metrics
from portal.citable import CITED_KINDS
from portal.conditional import conditional_answer
from portal.open_data.kinds import KINDS
from portal.sitemaps import sitemap_xml
from portal.views import (
    badges,
    cards,
    changes,
    cite,
    cities,
    compare,
    data,
    events,
    feeds,
    figures,
    help,
    home,
    news,
    pages,
    pictures,
    plan,
    search,
    security,
)

urlpatterns = [
    path("admin/language/", accounts.set_language, name="set_language"),
    path("admin/", admin.site.urls),
    path("accounts/", include("members.account_urls")),
    path("documents/<int:pk>/", documents.document_file, name="document_file"),
    path("pictures/<int:pk>/<int:width>.jpg", pictures.picture_file, name="picture_file"),
    path("api/v1/", include("portal.api.urls")),
    path("data/catalogue", data.catalogue, name="data_catalogue"),
    path("data/archive/<str:name>", data.archive, name="data_archive"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("robots.txt", pages.robots, name="robots"),
    path(".well-known/security.txt", security.security_txt, name="security_txt"),
    path(
        ".well-known/change-password",
        RedirectView.as_view(pattern_name="admin:password_change"),
        name="change_password",
    ),
    path("sitemap.xml", conditional_answer(sitemap_xml), name="sitemap"),
    path("favicon.ico", RedirectView.as_view(url="/static/img/favicon.svg"), name="favicon"),
]

# Every kind as a table, in all forms: `cities/export.csv`, `data/actions/export.json`.
exports = [
    path(
        f"{kind.folder}export.<str:ending>",
        data.export,
        {"kind": kind.name},
        name=f"{kind.name}_export",
    )
    for kind in KINDS.values()
]

# Every entry that can be cited: how, and how it read at a moment.
references = []
for cited in CITED_KINDS:
    own = {"kind": cited}
    references += [
        path(f"{cited.path}cite/", cite.entry_cite, own, name=f"{cited.name}_cite"),
        path(f"{cited.path}version/", cite.entry_version, own, name=f"{cited.name}_version"),
    ]

urlpatterns += i18n_patterns(
    path("", home.home, name="home"),
    *exports,
    path("", include("members.urls")),
    path("", include("programs.urls")),
    path("card.png", cards.site_card, name="site_card"),
    path("cities/<slug:slug>/card.png", cards.city_card, name="city_card"),
    path("programmes/<slug:slug>/card.png", cards.programme_card, name="programme_card"),
    path("news/<slug:slug>/card.png", cards.news_card, name="news_card"),
    path("cities/<slug:slug>/badge.svg", badges.city_badge, name="city_badge"),
    *references,
    path("cite/<path:page>", cite.page_cite, name="page_cite"),
    path("cities/<slug:slug>/", cities.city_detail, name="city_detail"),
    path("cities/<slug:slug>/changes/", changes.city_changes, name="city_changes"),
    path("cities/<slug:slug>/feed/", feeds.city_feed, name="city_feed"),
    path("countries/<slug:code>/", cities.country_detail, name="country_detail"),
    path("compare/", compare.compare, name="compare"),
    path("compare/suggest/", compare.compare_suggest, name="compare_suggest"),
    path("compare/export.csv", compare.compare_export, name="compare_export"),
    path("feed/", feeds.network_feed, name="network_feed"),
    path("countries/<slug:code>/feed/", feeds.country_feed, name="country_feed"),
    path("plan/<int:number>/feed/", feeds.point_feed, name="point_feed"),
    path("plan/", plan.plan_detail, name="plan_detail"),
    path("plan/<int:number>/", plan.point_detail, name="point_detail"),
    path("organisations/<slug:slug>/", plan.organisation_detail, name="organisation_detail"),
    path("grounds/<slug:slug>/", plan.ground_detail, name="ground_detail"),
    path("help/", help.help_index, name="help_index"),
    path("help/suggest/", help.help_suggest, name="help_suggest"),
    path("help/wrong/<int:pk>/", help.help_wrong, name="help_wrong"),
    path("help/wrong/<int:pk>/back/", help.help_not_wrong, name="help_not_wrong"),
    path("help/wrong/<int:pk>/thanks/", help.help_wrong_thanks, name="help_wrong_thanks"),
    path("help/<slug:slug>/", help.help_detail, name="help_detail"),
    path("news/", news.news_list, name="news_list"),
    path("news/feed/", feeds.news_feed, name="news_feed"),
    path("news/<slug:slug>/", news.news_detail, name="news_detail"),
    path("events/", events.event_list, name="event_list"),
    path("events/calendar.ics", events.events_calendar, name="events_calendar"),
    path("events/<slug:slug>/", events.event_detail, name="event_detail"),
    path("events/<slug:slug>/calendar.ics", events.event_calendar, name="event_calendar"),
    path("search/", search.search, name="search"),
    path("search/suggest/", search.search_suggest, name="search_suggest"),
    path("data/", data.data, name="data"),
    path("data/csv-metadata.json", data.csv_metadata, name="data_csv_metadata"),
    path("data/api/", data.api_reference, name="api_reference"),
    path("data/<slug:name>/", data.data_table, name="data_table"),
    path("figures/", figures.figures, name="figures"),
    path("figures/<slug:name>.csv", figures.figure_file, name="figure_file"),
    path("about/", pages.about, name="about"),
    path("contact/", pages.contact, name="contact"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("privacy/", pages.privacy, name="privacy"),
)

handler500 = "portal.views.errors.server_error"
