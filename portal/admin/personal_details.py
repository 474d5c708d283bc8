"""What pages say of people, on which ground, and the button that takes it off."""

from collections.abc import Collection
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from languages.dates import local_moment
from members.admin.confirmation import Statement, StatementPage
from members.editing.admin.base import OwnCityAdmin
from members.requests import user_of
from portal.forms.personal_details import WithdrawalForm
from portal.models import News, PersonalDetail
from portal.services import personal_details


@admin.register(PersonalDetail)
class PersonalDetailAdmin(OwnCityAdmin):
    """Read here; recorded on the page of the news."""

    list_display = (
        "detail",
        "of_news",
        "state",
        "ground",
        "agreed_by",
        "agreed_on",
        "evidence",
        "recorded_by",
    )
    list_display_links = None
    list_filter = ("ground", "detail", "news__city")
    list_select_related = ("news", "recorded_by", "withdrawn_by")
    search_fields = ("news", "agreed_by", "evidence")
    ordering = ("-recorded_at", "-pk")
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.withdraw)
        name = "portal_personaldetail_withdraw"
        return [path("<int:pk>/withdraw/", view, name=name), *super().get_urls()]

    @admin.display(description=gettext_lazy("news"), ordering="news__on")
    def of_news(self, row: PersonalDetail) -> str:
        address = reverse("admin:portal_news_change", args=[row.news_id])
        return format_html('<a href="{}">{}</a>', address, row.news)

    @admin.display(description=gettext_lazy("state"), ordering="withdrawn_at")
    def state(self, row: PersonalDetail) -> str:
        """Whether the ground holds, with the way to end it."""
        if row.withdrawn_at:
            words = _("withdrawn on %(day)s") % {"day": day_of(row)}
            return str(words)
        address = reverse("admin:portal_personaldetail_withdraw", args=[row.pk])
        return format_html('<a href="{}">{}</a>', address, _("Take it off all pages"))

    def withdraw(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What will be taken off, and one button."""
        person = user_of(request)
        row = self.get_queryset(request).filter(pk=pk).first()
        if row is None or not person.has_perm("change", row.news):
            raise Http404
        values = request.POST if request.method == "POST" else None
        form = WithdrawalForm(values, others=others_of(row))
        next_address = reverse(
            "admin:portal_news_change",
            args=[row.news_id],
        )
        page = StatementPage(
            request,
            self,
            row,
            statement_of(row),
            form,
            service=lambda: take_off(row, form.cleaned_data.get("also", ()), person),
            next_address=next_address,
        )
        return page.answer()


def day_of(row: PersonalDetail) -> str:
    if row.withdrawn_at is None:
        return ""
    return str(date_format(local_moment(row.withdrawn_at), "DATE_FORMAT"))


def statement_of(row: PersonalDetail) -> Statement:
    """Without a button where it was taken off already."""
    if row.withdrawn_at:
        words = _("It was taken off on %(day)s.") % {"day": day_of(row)}
        return Statement(title=str(words))
    return Statement(
        title=_("Take a detail of a person off all pages"),
        button=_("Take it off all pages"),
        facts=facts_of(row),
        effects=[
            _("It is gone at the next request from pages, feeds, tables, the API and the search."),
            _("Earlier versions of the item leave it out; archives of the data are made anew."),
            _("The history in the administration keeps it."),
        ],
        warnings=warnings_of(row),
    )


def facts_of(row: PersonalDetail) -> list[tuple[str, object]]:
    return [
        (pgettext("one piece", "news"), row.news),
        (_("detail"), row.get_detail_display()),
        (_("text"), text_of(row)),
        (
            pgettext("of a detail of a person", "ground"),
            row.get_ground_display(),
        ),
        (_("how you know"), row.evidence or "—"),
    ]


def text_of(row: PersonalDetail) -> str:
    """What the item says there, in each language once."""
    names = [name for name in News.COLUMNS[row.detail] if name != "quotation_language"]
    texts = [str(getattr(row.news, name) or "") for name in names]
    return "\n".join(dict.fromkeys(filter(None, texts))) or "—"


def warnings_of(row: PersonalDetail) -> list[str]:
    warnings = []
    if personal_details.TAKEN_ALONG.get(row.detail) and row.news.quotation:
        warnings.append(_("The quotation goes with it: it is nothing without who said it."))
    if row.news.speaker:
        warnings.append(
            _("Titles and texts are not searched: look whether “%(name)s” stands there, too.")
            % {"name": row.news.speaker}
        )
    return warnings


def others_of(row: PersonalDetail) -> list[tuple[str, Any]]:
    """What else the item says of a person on a ground that holds."""
    rows = PersonalDetail.objects.filter(news=row.news, withdrawn_at=None)
    others = rows.exclude(pk=row.pk).order_by("pk")
    return [(other.detail, capfirst(other.get_detail_display())) for other in others]


def take_off(row: PersonalDetail, also: Collection[str], person: Any) -> str:
    personal_details.withdraw(detail=row, also=also, by=person)
    return _("It is taken off all pages.")
