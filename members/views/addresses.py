"""Another e-mail address for one's account: asked for, and agreed to in both mailboxes."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from members import limits
from members.forms.addresses import AddressForm
from members.models import AddressChange
from members.requests import user_of
from members.services import addresses


@login_required
@reauthentication_required(app="allauth.account")  # type: ignore[untyped-decorator]
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address_change(request: HttpRequest) -> HttpResponse:
    """The form; what waits for an answer stands above it. A button takes that back."""
    person = user_of(request)
    if "withdraw" in request.POST:
        addresses.end_open(person=person)
        messages.success(request, _("The change is taken back. Your address stays as it is."))
        return redirect("address_change")
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _ask(request, form):
        messages.success(request, _("Two letters are on their way, one to each address."))
        return redirect("address_change")
    waiting = AddressChange.objects.waiting().filter(person=person).first()
    is_refused = form.has_error("email", "too_many")
    context = {"form": form, "waiting": waiting, "person": person}
    template = "members/accounts/address_change.html"
    return render(request, template, context, status=429 if is_refused else 200)


def _ask(request: HttpRequest, form: AddressForm) -> bool:
    sender = limits.sender_of(request)
    try:
        addresses.ask(
            person=user_of(request),
            email=form.cleaned_data["email"],
            sender=sender,
        )
    except ValidationError as error:
        form.add_error("email", error)
        return False
    return True


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a letter: a button to agree, once, and another one to stop it.

    Nobody need be signed in: the mailbox may be open on another device.
    """
    link = addresses.link_of(token)
    if link is None:
        return _page(request, "gone", status=410)
    if request.method != "POST":
        return _page(request, "confirm", link=link)
    try:
        return _answer(request, link)
    except ValidationError as error:
        return _page(
            request,
            "gone",
            status=409,
            reason=" ".join(error.messages),
        )


def _answer(request: HttpRequest, link: addresses.Link) -> HttpResponse:
    """Do what the button says; the page about what became of it."""
    sender = limits.sender_of(request)
    change = link.change
    if "stop" in request.POST:
        addresses.stop(link=link, sender=sender)
        return _page(request, "stopped", link=link)
    if link.is_used or "agree" not in request.POST:
        return _page(request, "confirm", link=link)
    is_own = request.user == change.person
    but = request.session.session_key if is_own else None
    if addresses.agree(link=link, sender=sender, but=but):
        return _page(request, "changed", change=change)
    return _page(request, "half", link=link)


def _page(request: HttpRequest, name: str, status: int = 200, **context: object) -> HttpResponse:
    return render(request, f"members/accounts/address_{name}.html", context, status=status)
