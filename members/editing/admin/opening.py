"""Drafts and old versions of entries in the administration, and what goes back with a form."""

from collections import Counter
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import flatten_fieldsets, quote, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseInlineFormSet, ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from members.editing.admin.arguments import with_arguments
from members.editing.admin.keeping import KeptEntry, keep_refused, kept_entry, show_files
from members.editing.admin.way_back import with_back
from members.editing.forms.draft_rows import DraftRows, changed_rows, with_new_rows
from members.editing.forms.errors import error_links
from members.editing.forms.merging import Beginning, FormMarks, MergingForm, OtherDraft
from members.editing.forms.opening import OpeningForm
from members.editing.history import Author, author_of, log_of, values_at
from members.editing.unsent import writer_mark
from members.models import Draft, Record
from members.requests import user_of
from members.services import drafts, kept

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django_stubs_ext import StrOrPromise

    AdminBase = ModelAdmin[Any]
else:
    AdminBase = object


# The button that throws away what a person typed.
FORGET = "_forget"


@dataclass(frozen=True)
class Opening:
    """How the page of an entry is opened: with a draft, or with an old version.

    `other_draft`: there is a draft, and the person asked for the public text. `kept`: what the
    person typed here and has not saved. `values`: the texts of the draft or of the old version, by
    field.
    """

    draft: Draft | None = None
    version: Author | None = None
    other_draft: Draft | None = None
    kept: KeptEntry | None = None
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def beginning(self) -> Beginning:
        draft = self.draft
        if self.kept:
            return self.kept.beginning(draft)
        if draft is None:
            return Beginning(self.values)
        marks = FormMarks(
            version=draft.base_version,
            fields=draft.marks,
            draft=draft.stamp,
        )
        return Beginning(self.values, marks)

    @property
    def rows(self) -> DraftRows:
        """The rows below the entry that stand there instead of the saved ones."""
        if self.kept:
            return self.kept.rows
        return self.draft.rows if self.draft else {}


@dataclass(frozen=True)
class DraftRefusal:
    """Why a form could not be saved as a draft; `draft`: the one that somebody else saved."""

    reason: "StrOrPromise"
    draft: Draft | None = None

    @property
    def beginning(self) -> Beginning:
        draft = self.draft
        reason = str(self.reason)
        if draft is None:
            return Beginning(refusal=reason)
        other = OtherDraft(draft.values, draft.stamp)
        return Beginning(refusal=reason, other_draft=other)


class EntryDrafts(AdminBase):
    """What `OwnCityAdmin` does so that no text of a person is lost.

    A ModelAdmin answers all requests at once, so it can hold nothing of one request. Here a copy of
    the admin answers each page of an entry: it alone has an `opening` or a `refusal`.
    """

    # Whether what a person typed and did not save stands in the form when they come back.
    keeps_unsaved = True
    opening = Opening()
    refusal: DraftRefusal | None = None

    def get_urls(self) -> list[URLPattern]:
        opts = self.opts
        address = "<path:object_id>/draft/discard/"
        name = f"{opts.app_label}_{opts.model_name}_draft_discard"
        view = self.admin_site.admin_view(self.draft_discard)
        discard = path(address, view, name=name)
        return [discard, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        page = copy(self)
        is_draft = "_draft" in request.POST
        if request.method == "GET":
            page.opening = self._opening(request, object_id)
        elif FORGET in request.POST:
            return self._forget(request)
        elif is_draft and issubclass(self.model, Record):
            page.refusal = self._save_draft(request, object_id)
            if page.refusal is None:
                url = self._change_url(object_id)
                return HttpResponseRedirect(with_back(request, url))
        return super(EntryDrafts, page).change_view(
            request,
            object_id,
            form_url,
            extra_context,
        )

    # --- Opening ----------------------------------------------------------------------------------

    def _opening(self, request: HttpRequest, object_id: str) -> Opening:
        """What the address asks for; 404 for an old version of another entry."""
        obj: Any = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, obj):
            return Opening()
        address = OpeningForm(request.GET)
        if not address.is_valid():
            raise Http404
        if version := address.cleaned_data["version"]:
            entry = get_object_or_404(log_of(obj), pk=version)
            return Opening(version=author_of(entry), values=values_at(obj, entry))
        draft = drafts.draft_of(obj) if isinstance(obj, Record) else None
        if address.cleaned_data["public"]:
            return Opening(other_draft=draft)
        typed = self._kept_entry(request, obj, draft)
        if typed:
            is_on_draft = draft and typed.marks.draft
            if is_on_draft:
                return Opening(draft=draft, kept=typed)
            return Opening(other_draft=draft, kept=typed)
        if draft is None:
            return Opening(kept=typed)
        return Opening(draft=draft, kept=typed, values=draft.values)

    def _kept_entry(self, request: HttpRequest, obj: Any, draft: Draft | None) -> KeptEntry | None:
        """What the person typed here and has not saved; false where it says nothing new."""
        if IS_POPUP_VAR in request.GET or not self.keeps_unsaved:
            return None
        row = kept.form_of(request.path, user_of(request))
        if row is None:
            return None
        form = self._sent_form(request, obj, row.submission)
        if not isinstance(form, MergingForm):
            return None
        formsets = self._formsets(request, obj, data=row.submission)
        return kept_entry(row, form, formsets, draft)

    def _forget(self, request: HttpRequest) -> HttpResponse:
        """Throw away what the person typed: the page shows what is saved."""
        kept.forget_form(page=request.path, by=user_of(request))
        text = _("What you had typed is gone. The page shows what is saved.")
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(with_back(request, request.path))

    def _sent_form(self, request: HttpRequest, obj: Any, fields: Any) -> Any:
        """The form of the page with these fields, unchecked."""
        fieldsets = self.get_fieldsets(request, obj)
        form_class: Any = self.get_form(
            request,
            obj,
            change=True,
            fields=flatten_fieldsets(fieldsets),
        )
        return form_class(fields, request.FILES, instance=obj)

    def get_form(
        self,
        request: HttpRequest,
        obj: Any = None,
        change: bool = False,
        **kwargs: Any,
    ) -> type["ModelForm[Any]"]:
        form = super().get_form(request, obj, change, **kwargs)
        if not issubclass(form, MergingForm):
            return form
        form = with_arguments(form, keeper=user_of(request))
        beginning = (self.refusal or self.opening).beginning
        if beginning == Beginning():
            return form
        return with_arguments(form, beginning=beginning)

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Any, inline: Any, prefix: str
    ) -> dict[str, Any]:
        """The rows below the entry as its draft has them, or beside those of another's draft."""
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        kwargs |= inline.formset_arguments(request, None if obj._state.adding else obj)
        if rows := self.opening.rows.get(prefix):
            kwargs["draft_rows"] = rows
        if self.refusal and (other := self.refusal.draft):
            kwargs["data"] = with_new_rows(request.POST, other.rows)
            kwargs["other_rows"] = other.rows.get(prefix)
            kwargs["other_stamp"] = other.stamp
        return kwargs

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        form = context["adminform"].form
        inlines = context["inline_admin_formsets"]
        formsets = [inline.formset for inline in inlines]
        user = user_of(request)
        may_change = self.has_change_permission(request, obj)
        is_own = change and may_change and not context["is_popup"]
        is_kept = is_own and self.keeps_unsaved and isinstance(form, MergingForm)
        if request.method == "POST":
            # The form was refused: what was chosen in it need not be chosen again.
            kept.keep_files(forms=[form], by=user)
            if is_kept:
                keep_refused(request.path, form, user)
        elif self.opening.kept:
            show_files(form, self.opening.kept, user)
        context["keeps"] = is_kept
        context["opening"] = self.opening
        context["writer_mark"] = writer_mark(user)
        context["clashes"] = getattr(form, "clashes", [])
        links = error_links(form, formsets)
        # What is wrong with the form as a whole stands above them: Django writes it there.
        context["error_links"] = [link for link in links if link.label]
        is_public = isinstance(obj, Record) and obj.published_at
        if is_public and may_change:
            context["can_draft"] = isinstance(form, MergingForm)
            context["in_draft"] = bool(self.opening.draft or _draft_stamp(form))
        if context.get("in_draft"):
            context["show_save"] = False
            context["show_save_and_continue"] = False
            context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, add, change, form_url, obj)

    # --- Drafts -----------------------------------------------------------------------------------

    def _save_draft(self, request: HttpRequest, object_id: str) -> DraftRefusal | None:
        """Save what the form holds as a draft; what is refused is said on the form."""
        obj: Any = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        if request.FILES:
            return DraftRefusal(_("A draft keeps no files. Save the file first, then the draft."))
        form = self._sent_form(request, obj, request.POST)
        marks = form.sent_marks() or FormMarks()
        formsets = self._formsets(request, obj)
        try:
            drafts.save_draft(
                record=obj,
                values=form.values(),
                marks=marks.fields,
                rows=changed_rows(formsets),
                opened=marks.draft,
                by=user_of(request),
            )
        except drafts.AnotherDraft as error:
            return DraftRefusal(error.message, error.draft)
        except ValidationError as error:
            return DraftRefusal(error.message)
        kept.forget_form(
            page=request.path,
            by=user_of(request),
        )
        text = _("Saved as a draft. The public goes on reading the text as it was.")
        self.message_user(
            request,
            text,
            messages.SUCCESS,
        )
        return None

    def _formsets(
        self, request: HttpRequest, obj: Any, **sent: Any
    ) -> "Iterator[BaseInlineFormSet[Any, Any, Any]]":
        """The rows below the entry as they were sent, with the prefixes of stock admin.

        `sent`: where they stand, if not in the request.
        """
        numbers: Counter[str] = Counter()
        for formset, inline in self.get_formsets_with_inlines(request, obj):
            prefix = formset.get_default_prefix()
            numbers[prefix] += 1
            if numbers[prefix] > 1:
                prefix = f"{prefix}-{numbers[prefix]}"
            kwargs = self.get_formset_kwargs(request, obj, inline, prefix)
            yield formset(**kwargs, **sent)

    def _change_url(self, key: Any) -> str:
        opts = self.opts
        name = f"admin:{opts.app_label}_{opts.model_name}_change"
        return reverse(name, args=[key])

    def save_related(
        self, request: HttpRequest, form: "ModelForm[Any]", formsets: Any, change: bool
    ) -> None:
        """Publishing an entry with its draft ends the draft."""
        super().save_related(request, form, formsets, change)
        stamp = _draft_stamp(form) if change else ""
        if not stamp or drafts.end_draft(record=form.instance, opened=stamp):
            return
        if drafts.draft_of(form.instance):
            text = format_html(
                '{} <a href="{}">{}</a>',
                _("Your changes are public. Somebody has saved another draft since."),
                self._change_url(quote(form.instance.pk)),
                _("Open the draft"),
            )
            self.message_user(request, text, messages.WARNING)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """The last hook that has the form of a saving: its files have their places now."""
        user = user_of(request)
        kept.forget_used(forms=[form], by=user)
        if not add:
            kept.forget_form(page=request.path, by=user)
        return super().construct_change_message(request, form, formsets, add)

    def draft_discard(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask, then throw the draft away."""
        obj: Any = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        draft = drafts.draft_of(obj) if isinstance(obj, Record) else None
        if draft is None:
            raise Http404
        change_url = with_back(request, self._change_url(quote(obj.pk)))
        if request.method == "POST":
            drafts.throw_away(
                record=obj,
                by=user_of(request),
            )
            text = _("The draft is gone. The public text is unchanged.")
            self.message_user(request, text, messages.SUCCESS)
            return HttpResponseRedirect(change_url)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Throw the draft away?"),
            "opts": self.opts,
            "original": obj,
            "draft": draft,
            "change_url": change_url,
        }
        return TemplateResponse(request, "admin/draft_discard.html", context)


def _draft_stamp(form: "ModelForm[Any]") -> str:
    """The stamp of the draft that the form was opened with; empty for none."""
    if not form.is_bound or not isinstance(form, MergingForm):
        return ""
    marks = form.sent_marks()
    if marks is None:
        return ""
    return marks.draft
