"""Signing in through a provider of the network's own choice, by OpenID Connect (0056).

The provider says who somebody is; whether that person may work here, says the portal alone.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from time import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.crypto import constant_time_compare

# The name under which the library keeps its question in the session.
NAME = "provider"
# Keys of pairs only: a key that both sides know would let the client's secret sign anybody in.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
# Seconds for one answer of the provider, and for a person between question and answer.
PATIENCE = 5
ANSWER_SECONDS = 15 * 60
# Signs of a subject; the standard allows 255.
SUBJECT_LENGTH = 255
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class ProviderError(Exception):
    """The provider gave no answer that can be believed. The text is for the log of the server."""


@dataclass(frozen=True)
class Claims:
    """What the provider says of somebody. `email` is empty where it did not check the address."""

    subject: str
    email: str
    has_second_factor: bool


def is_offered() -> bool:
    """Whether a provider is set up."""
    return bool(settings.OIDC_ISSUER)


def answer_address() -> str:
    """Where the provider sends people back to: of our own host, whatever the request says."""
    return f"{settings.SITE_URL}{reverse('provider_answer')}"


def question(request: HttpRequest, **data: Any) -> str:
    """The address of the provider's page. `data` comes back with the answer, by the session.

    Raises ProviderError.
    """
    client = _client()
    own_address = answer_address()
    with _believable():
        parts = client.create_authorization_url(own_address)
        data["asked_at"] = time()
        client.save_authorize_data(
            request,
            redirect_uri=own_address,
            **parts,
            **data,
        )
    return str(parts["url"])


def kept_with(request: HttpRequest) -> dict[str, Any]:
    """What was kept when the question was asked; empty where this browser asked no such one, or
    too long ago."""
    state = request.GET.get("state", "")
    question_row = request.session.get(f"_state_{NAME}_{state}", {})
    values: dict[str, Any] = question_row.get("data", {})
    is_late = time() - values.get("asked_at", 0) > ANSWER_SECONDS
    return {} if is_late else values


def claims_of(request: HttpRequest) -> Claims:
    """Read the answer: each question is answered once. Raises ProviderError."""
    if not kept_with(request):
        raise ProviderError("this browser has asked no such question")
    if request.GET.get("iss", settings.OIDC_ISSUER) != settings.OIDC_ISSUER:
        raise ProviderError("the answer comes from another issuer")
    client = _client()
    options = {
        "iss": {
            "essential": True,
            "value": settings.OIDC_ISSUER,
        },
        "aud": {
            "essential": True,
            "value": settings.OIDC_CLIENT_ID,
        },
    }
    with _believable():
        token = client.authorize_access_token(request, claims_options=options)
        claims = dict(token["userinfo"])
        if not claims.get("email"):
            claims |= _asked_for(client, token, claims["sub"])
        return _read(claims)


def _asked_for(client: Any, token: dict[str, Any], subject: str) -> dict[str, Any]:
    """The address, of providers that give it at a place of its own."""
    if "userinfo_endpoint" not in client.load_server_metadata():
        return {}
    said = client.userinfo(token=token)
    if said.get("sub") != subject:
        raise ProviderError("the provider speaks of two people")
    return {name: said.get(name) for name in ("email", "email_verified")}


def _read(claims: dict[str, Any]) -> Claims:
    subject = str(claims["sub"])
    if not 0 < len(subject) <= SUBJECT_LENGTH or "\x00" in subject:
        raise ProviderError("the subject is empty or too long")
    email = claims.get("email")
    is_text = isinstance(email, str) and "\x00" not in email
    is_checked = is_text and claims.get("email_verified") in (True, "true")
    return Claims(
        subject=subject,
        email=str(email).strip().lower() if is_checked else "",
        has_second_factor=_has_second_factor(claims),
    )


def _has_second_factor(claims: dict[str, Any]) -> bool:
    """Whether the provider says, in words that the setting names, that it asked for one."""
    ways = claims.get("amr")
    said = {str(way) for way in ways} if isinstance(ways, list) else set()
    said.add(str(claims.get("acr", "")))
    return not said.isdisjoint(settings.OIDC_SECOND_FACTOR)


# --- The library ----------------------------------------------------------------------------------


def _client() -> Any:
    """A client that has read the provider's description of itself. Raises ProviderError."""
    library = import_module("authlib.integrations.django_client")
    issuer = settings.OIDC_ISSUER
    client = library.OAuth().register(
        NAME,
        client_id=settings.OIDC_CLIENT_ID,
        client_secret=settings.OIDC_CLIENT_SECRET,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email",
            "code_challenge_method": "S256",
            "default_timeout": PATIENCE,
        },
    )
    with _believable():
        described = client.load_server_metadata()
        if not constant_time_compare(described["issuer"], issuer):
            raise ProviderError("the provider calls itself by another name than OIDC_ISSUER")
        for name in ENDPOINTS:
            _refuse_open_line(described[name])
    offered = described.get("id_token_signing_alg_values_supported", ALGORITHMS)
    described["id_token_signing_alg_values_supported"] = [
        name for name in ALGORITHMS if name in offered
    ]
    return client


def _refuse_open_line(address: str) -> None:
    """Nothing is asked over a line that others can read, but on this machine."""
    if urlsplit(address).scheme != urlsplit(settings.OIDC_ISSUER).scheme:
        raise ProviderError("the provider names an address without TLS")


@contextmanager
def _believable() -> Iterator[None]:
    """Whatever the libraries raise at an answer that they cannot read is a ProviderError."""
    try:
        yield
    except _errors() as error:
        raise ProviderError(f"{type(error).__name__}: {error}") from error


def _errors() -> tuple[type[Exception], ...]:
    return (
        import_module("authlib.common.errors").AuthlibBaseError,
        import_module("joserfc.errors").JoseError,
        import_module("requests").RequestException,
        AttributeError,
        LookupError,
        RuntimeError,
        TypeError,
        ValueError,
    )


# --- Pages with the button ------------------------------------------------------------------------

View = Callable[..., HttpResponseBase]


def with_provider(view: View) -> View:
    """A page whose form leads to the provider: the browser may follow it there."""

    @wraps(view)
    def page(*args: Any, **names: Any) -> HttpResponseBase:
        response = view(*args, **names)
        if is_offered():
            response._csp_update = {  # type: ignore[attr-defined]
                "form-action": settings.OIDC_FORM_ORIGINS
            }
        return response

    return page
