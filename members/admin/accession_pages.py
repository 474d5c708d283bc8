"""The pages of one accession file: the file, a note, the act, the archive, the transitions."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from members import accession_file
from members.accession_queue import waits_for
from members.admin import accession_archive
from members.admin.accession_steps import first_verb, last_return, steps_of, turn_of
from members.admin.act import act_of, pdf_of
from members.admin.transition_pages import TransitionPage
from members.forms.accessions import NoteForm
from members.models import Accession, KeptForm, Letter, User
from members.models.record import content_type_of
from members.requests import AuthenticatedHttpRequest
from members.services import accessions, kept

TRANSITIONS = {one.verb: one for one in accessions.TRANSITIONS if one.has_page}


def readable(user: User, pk: int) -> Accession:
    """The file, for who may read it; 404 for everybody else."""
    rows = Accession.objects.select_related(
        "city__country",
        "legal_basis__document",
        "signed_act__document",
        "focal_point",
        "meeting",
        "membership",
    )
    accession = rows.filter(pk=pk).first()
    if accession is None or not user.has_perm("view", accession):
        raise Http404
    return accession


def to_file(accession: Accession) -> HttpResponseRedirect:
    return HttpResponseRedirect(accession.get_file_url())


def to_form(accession: Accession) -> HttpResponse:
    url = reverse("admin:members_accession_change", args=[accession.pk])
    return HttpResponseRedirect(url)


@require_safe
def file(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """The whole file on one page.

    For the city, the secretariat and, once it is submitted, the Steering Committee.
    """
    accession = readable(request.user, pk)
    context = file_context(request, accession)
    return TemplateResponse(request, "admin/members/accession/file.html", context)


def file_context(request: AuthenticatedHttpRequest, accession: Accession) -> dict[str, Any]:
    """What the page of a file shows."""
    user = request.user
    file = accession_file.read(accession)
    remarks = accession_file.remarks(file) if accession.is_open else []
    decisions = accession.decisions.select_related("meeting__held_in")
    may_edit = user.has_perm("change", accession)
    is_of_city = accession.city_id in user.city_ids()
    context = {
        **admin.site.each_context(request),
        "title": _("Accession of %(city)s") % {"city": accession.city},
        "opts": Accession._meta,
        "accession": accession,
        "file": file,
        "way": steps_of(accession, remarks),
        "turn": turn_of(accession) if is_of_city else "",
        "waits_for": waits_for(accession),
        "returned": last_return(accession),
        "is_of_city": is_of_city,
        "changed": accession_file.changed_by_city(file),
        "steps": accession.steps.select_related("by", "meeting__held_in", "decision"),
        "decisions": decisions.order_by("pk"),
        "transitions": accessions.transitions_for(accession, user),
        "may_edit": may_edit,
        "kept": _kept_form(accession, user) if may_edit else None,
        "first_verb": first_verb(
            accession,
            remarks,
            may_edit=may_edit,
        ),
        "note_form": NoteForm(),
    }
    if user.is_secretariat:
        context |= office_context(accession)
    return context


def _kept_form(accession: Accession, user: User) -> KeptForm | None:
    """What the person typed in the file's form and has not saved."""
    form_url = reverse(
        "admin:members_accession_change",
        args=[accession.pk],
    )
    return kept.form_of(form_url, user)


def office_context(accession: Accession) -> dict[str, Any]:
    """What only the secretariat reads on the page of a file."""
    kind = content_type_of(accession)
    letters = Letter.objects.filter(content_type=kind, object_id=accession.pk)
    return {
        "letters": letters.order_by("-pk"),
        "notes": accession.notes.select_related("by"),
    }


@require_POST
def note(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Add an internal note."""
    user = request.user
    accession = readable(user, pk)
    if not user.is_secretariat:
        raise PermissionDenied
    form = NoteForm(request.POST)
    if not form.is_valid():
        context = {**file_context(request, accession), "note_form": form}
        return TemplateResponse(request, "admin/members/accession/file.html", context)
    accessions.add_note(
        accession=accession,
        by=user,
        text=form.cleaned_data["text"],
    )
    return HttpResponseRedirect(f"{accession.get_file_url()}#notes")


@require_safe
def act(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The Act of Accession and Commitment, filled in, to be printed and signed."""
    accession = readable(request.user, pk)
    file = accession_file.read(accession)
    query = request.GET
    language = query.get("language", "")
    document = act_of(file, language, is_bilingual="bilingual" in query)
    if "pdf" not in query:
        return render(request, "admin/members/accession/act.html", {"act": document})
    content = pdf_of(document)
    if content is None:
        raise Http404
    return FileResponse(
        content,
        as_attachment=True,
        filename=document.filename,
        content_type="application/pdf",
    )


@require_safe
def archive(request: AuthenticatedHttpRequest, pk: int) -> FileResponse:
    """The whole file as one ZIP."""
    accession = readable(request.user, pk)
    file = accession_file.read(accession)
    return FileResponse(
        accession_archive.pack(file),
        as_attachment=True,
        filename=f"accession-{accession.city.slug}.zip",
        content_type="application/zip",
    )


def verb(request: AuthenticatedHttpRequest, pk: int, verb: str) -> HttpResponse:
    """The page of a transition. Where the status does not allow it, it leads back to the file."""
    accession = readable(request.user, pk)
    transition = TRANSITIONS.get(verb)
    if transition is None:
        raise Http404
    if not transition.may_be_taken_by(request.user, accession.city_id):
        raise PermissionDenied
    if accession.status not in transition.from_statuses:
        sentence = _("This is not possible now: the file is in the state “%(state)s”.")
        state = accession.get_status_display()
        messages.error(request, sentence % {"state": state})
        return to_file(accession)
    back_url = accession.get_file_url()
    page = TransitionPage(request, transition, accession, back_url)
    return page.answer()
