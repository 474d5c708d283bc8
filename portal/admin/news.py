"""News and events, each written on one page."""

import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from languages.dates import local_moment
from members.editing.admin.base import OwnCityAdmin, OwnCityInline, StackedInline
from members.editing.admin.publishing import note_refusal
from members.editing.forms.rows import is_key
from members.models import Record
from members.requests import user_of
from portal.forms.news import AttachmentForm, EventForm, NewsForm
from portal.models import Attachment, Event, News
from portal.queries import event_page, news_page
from portal.services import personal_details, pictures, publication


class DatedAdmin(OwnCityAdmin):
    """Entries that may be published ahead of time, and looked at before."""

    preview_template = ""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.preview)
        name = self.preview_name
        preview = path("<path:object_id>/preview/", view, name=name)
        urls = super().get_urls()
        return [preview, *urls]

    @property
    def preview_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_preview"

    def preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page as the public will read it; only for whoever may see the entry here."""
        if not is_key(object_id):
            raise Http404
        rows = self.get_queryset(request)
        row: Any = rows.filter(pk=object_id).first()
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        context = self.page_of(row)
        context["is_preview"] = not row.is_public
        return render(request, self.preview_template, context)

    def page_of(self, row: Any) -> dict[str, object]:
        """The context of the entry's public page."""
        raise NotImplementedError

    def view_on_site(self, obj: models.Model) -> str | None:
        """None while the time of publication lies ahead."""
        published_at = getattr(obj, "published_at", None)
        is_public = published_at and published_at <= timezone.now()
        return super().view_on_site(obj) if is_public else None

    @admin.display(description=_("public"), ordering="published_at")
    def state(self, record: Record) -> str:
        """Whether and from when everybody may read it."""
        published_at = record.published_at
        if published_at is None:
            return pgettext("state of an entry", "draft")
        if published_at <= timezone.now():
            return pgettext("state of an entry", "public")
        words = gettext("from %(moment)s")
        return words % {"moment": moment(published_at)}

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: models.Model | None = None,
    ) -> HttpResponse:
        if obj is not None and obj.pk:
            context["preview_url"] = reverse(f"admin:{self.preview_name}", args=[obj.pk])
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if "_publish" in request.POST:
            return
        record = form.instance
        is_moved = "public_from" in form.changed_data and record.goes_public_at
        if is_moved and record.published_at:
            self._publish(request, record)

    def _publish(self, request: HttpRequest, record: Any) -> None:
        at = getattr(record, "goes_public_at", None)
        try:
            publication.publish_from(record=record, at=at, by=user_of(request))
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            note_refusal(request)
            return
        sentence = gettext("It is public now.")
        if record.published_at > timezone.now():
            words = gettext("It appears by itself on %(moment)s.")
            sentence = words % {"moment": moment(record.published_at)}
        self.message_user(request, sentence, messages.SUCCESS)


def moment(published_at: datetime.datetime) -> str:
    """A moment as the person's language writes it."""
    return date_format(local_moment(published_at), "DATETIME_FORMAT")


class AttachmentInline(OwnCityInline, StackedInline):
    model = Attachment
    form = AttachmentForm
    fields = (("document", "order"),)


@admin.register(News)
class NewsAdmin(DatedAdmin):
    """News with its texts, picture, quotation, links and attachments on one page."""

    form = NewsForm
    main_fields = ("on", "city", "cities", "slug", "public_from")
    picture_fields = ("picture_file", "remove_picture", "credit")
    quotation_fields = ("quotation", "quotation_language", "speaker")
    person_fields = (
        "grounds",
        "shows_person",
        "ground",
        ("agreed_by", "agreed_on"),
        "evidence",
    )
    readonly_fields = ("grounds",)
    link_fields = ("points", "programmes", "legal_acts", "decision", "contact")
    # A coordinator's news are of their own city; which others they concern, the network says.
    office_fields = ("cities",)
    list_display = ("__str__", "on", "city", "state")
    list_filter = ("city", "points")
    list_select_related = ("city",)
    search_fields = ("slug", "title", "city")
    ordering = ("-on", "-pk")
    inlines = (AttachmentInline,)
    preview_template = "portal/news_detail.html"

    def page_of(self, row: News) -> dict[str, object]:
        return news_page(row)

    @admin.display(description=_("recorded so far"))
    def grounds(self, news: News) -> str:
        """The grounds that hold, each with the way to take it back."""
        rows = news.personal_details.filter(withdrawn_at=None) if news.pk else []
        lines = [
            (
                reverse("admin:portal_personaldetail_withdraw", args=[row.pk]),
                f"{row.get_detail_display()}: {row.get_ground_display()}",
            )
            for row in rows
        ]
        return format_html_join("", '<p><a href="{}">{}</a></p>', lines) or pgettext(
            "grounds of details", "none"
        )

    def get_fieldsets(self, request: HttpRequest, obj: models.Model | None = None) -> list[Any]:
        return [
            *super().get_fieldsets(request, obj),
            (_("Picture"), {"fields": self.picture_fields}),
            (_("Quotation"), {"fields": self.quotation_fields}),
            (_("Why people may be named"), {"fields": self.person_fields}),
            (_("What it is about"), {"fields": self.link_fields}),
        ]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        formfield = super().formfield_for_manytomany(db_field, request, **kwargs)
        is_long = db_field.name in {"programmes", "legal_acts"}
        if is_long and user_of(request).is_secretariat:
            # Those of one city are a few to tick; those of all are too many for that.
            formfield.widget = forms.SelectMultiple()
            formfield.widget.choices = formfield.choices
        return formfield

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if form.cleaned_data.get("remove_picture"):
            pictures.hang(picture=None, news=obj)
        if form.renditions:
            by = user_of(request)
            picture = pictures.keep(renditions=form.renditions, city=obj.city, by=by)
            pictures.hang(picture=picture, news=obj)
        super().save_model(request, obj, form, change)
        if form.details:
            personal_details.record(
                news=obj, details=form.details, ground=form.ground_given, by=user_of(request)
            )


# A native field: a clock in the person's own language, by keyboard too.
NATIVE: "dict[type[models.Field[Any, Any]], dict[str, Any]]" = {
    models.TimeField: {"widget": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")},
}


@admin.register(Event)
class EventAdmin(DatedAdmin):
    form = EventForm
    formfield_overrides = {**OwnCityAdmin.formfield_overrides, **NATIVE}
    main_fields = (
        "city",
        ("first_day", "starts"),
        ("last_day", "ends"),
        "time_zone",
        "place",
        "url",
        "points",
        "cancelled",
        "slug",
        "public_from",
    )
    list_display = ("__str__", "first_day", "place", "city", "cancelled", "state")
    list_filter = ("city", "cancelled")
    list_select_related = ("city",)
    search_fields = ("slug", "place", "title", "city")
    ordering = ("-first_day", "-pk")
    preview_template = "portal/event_detail.html"

    def page_of(self, row: Event) -> dict[str, object]:
        return event_page(row)
