"""A form that comes when the session is over: the person signs in, and the form is sent again.

Nothing is stored.
"""

from urllib.parse import urlencode, urlsplit

from allauth.account.stages import LoginStage, LoginStageController
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn.internal import auth
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from members import passkeys, proof
from members.editing.forms.sent_choices import choices_of
from members.editing.forms.unsent import UnsentForm
from members.editing.unsent import MOST, Unsent, unsent_of
from members.forms.accounts import LoginForm
from members.forms.factors import CodeForm, PasswordAgainForm
from members.forms.passkeys import PasskeyForm
from members.views.factors import note_recovery, note_wrong_factor

SignInForm = LoginForm | CodeForm | PasskeyForm


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is older than the last sign-in, or forged; only what our own page sent goes on."""
    unsent = None
    is_own = request.method == "POST" and came_from_here(request)
    if is_own:
        unsent = unsent_of(request)
    if unsent is None:
        return render(request, "403.html", status=403)
    return carry_on(request, unsent)


def came_from_here(request: HttpRequest) -> bool:
    """Whether the browser itself says that a page of this site sent the form."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    headers = request.headers
    address = headers.get("Origin") or headers.get("Referer") or ""
    sender = urlsplit(address)
    own = (request.scheme, request.get_host())
    return (sender.scheme, sender.netloc) == own


def carry_on(request: HttpRequest, unsent: Unsent) -> HttpResponse:
    """Signed in: send it. Signed out: sign in first."""
    user = request.user
    if user.is_authenticated and user.is_staff:
        return send_page(request, unsent)
    return sign_in_page(request, unsent, LoginForm(request=request))


@sensitive_post_parameters("password")
@never_cache
@csrf_protect
def unsent_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in form that carries the fields: the password, then the code where there is one."""
    carried = UnsentForm(request.POST)
    if request.method != "POST":
        return redirect("account_login")
    if not carried.is_valid():
        return redirect("account_login")
    unsent = carried.unsent()
    step = _waiting_for_code(request)
    form = _form_for(request, step)
    if not form.is_valid():
        return sign_in_page(request, unsent, form)
    _go_on(request, form, step)
    step = _waiting_for_code(request)
    if step:
        return sign_in_page(request, unsent, CodeForm(user=step.login.user))
    if not request.user.is_staff:
        return sign_in_page(request, unsent, LoginForm(request=request))
    return send_page(request, unsent)


def _form_for(request: HttpRequest, step: LoginStage | None) -> SignInForm:
    """The form of the step that was sent."""
    if step and "code" in request.POST:
        return CodeForm(data=request.POST, user=step.login.user)
    if step and "credential" in request.POST:
        return PasskeyForm(data=request.POST, user=step.login.user)
    return LoginForm(data=request.POST, request=request)


def _waiting_for_code(request: HttpRequest) -> LoginStage | None:
    """The second step of signing in, where the password was right a moment ago."""
    if request.user.is_authenticated:
        return None
    return LoginStageController.enter(request, AuthenticateStage.key)


def _go_on(request: HttpRequest, form: SignInForm, step: LoginStage | None) -> None:
    """Take the step that the form is for: it signs the person in, or asks for their code."""
    if isinstance(form, LoginForm):
        form.login(request)
    elif step:
        note_recovery(request, form)
        form.save()
        step.exit()


def sign_in_page(request: HttpRequest, unsent: Unsent, form: SignInForm) -> HttpResponse:
    is_second_step = isinstance(form, CodeForm | PasskeyForm)
    if is_second_step and form.errors:
        note_wrong_factor(request, form, form.user)
    context: dict[str, object] = {
        "unsent": unsent,
        "choices": choices_of(request, unsent),
        "form": form,
        "can_carry": len(unsent.carried) <= MOST,
    }
    if isinstance(form, PasskeyForm):
        context["passkey_form"] = form
        context["form"] = CodeForm(user=form.user)
    if is_second_step and passkeys.can_use(request, form.user):
        options = auth.begin_authentication(form.user)
        context["passkey_options"] = passkeys.text_of(options)
    return render(request, "members/accounts/unsent_sign_in.html", context, status=401)


def ask_for_proof(request: HttpRequest) -> HttpResponse:
    """Before an important step: the password once more; a form that was sent is carried."""
    unsent = unsent_of(request) if request.method == "POST" else None
    if unsent:
        return proof_page(request, unsent, PasswordAgainForm(user=request.user))
    query = urlencode({"next": request.get_full_path()})
    address = reverse("account_reauthenticate")
    return redirect(f"{address}?{query}")


@sensitive_post_parameters("password")
@never_cache
@csrf_protect
@login_required
def unsent_proof(request: HttpRequest) -> HttpResponse:
    """The password that is asked for before an important step; the form is sent then."""
    carried = UnsentForm(request.POST)
    if request.method != "POST" or not carried.is_valid():
        return redirect("admin:index")
    unsent = carried.unsent()
    form = PasswordAgainForm(data=request.POST, user=request.user)
    if not form.is_valid():
        return proof_page(request, unsent, form)
    proof.note(request)
    return send_page(request, unsent)


def proof_page(request: HttpRequest, unsent: Unsent, form: PasswordAgainForm) -> HttpResponse:
    context = {
        "unsent": unsent,
        "choices": choices_of(request, unsent),
        "form": form,
        "can_carry": len(unsent.carried) <= MOST,
    }
    status = 429 if form.is_refused else 403
    return render(request, "members/accounts/unsent_proof.html", context, status=status)


def send_page(request: HttpRequest, unsent: Unsent) -> HttpResponse:
    """One button that sends the form again; for the same person, a script presses it."""
    writer = unsent.writer
    is_same = writer == request.user.pk
    context = {
        "unsent": unsent,
        "choices": choices_of(request, unsent),
        "by_another": writer is not None and not is_same,
        "by_the_same": is_same and not unsent.files,
    }
    return render(request, "members/accounts/unsent_send.html", context)
