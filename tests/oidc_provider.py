"""A provider of OpenID Connect on this machine: it speaks HTTP and signs with a real key.

It does what a test says: who signs in, what the token says, with which key it is signed.
"""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "ten-points", "a-secret-of-both"
KEY = RSAKey.generate_key(2048, parameters={"kid": "one"})
OTHER_KEY = RSAKey.generate_key(2048, parameters={"kid": "one"})


class Provider:
    """`claims`: what it says of whoever signs in. `forge`: changes a token before it is signed."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] | None = None
        self.described: dict[str, Any] = {}
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "one"}
        self.key: Any = KEY
        self.is_broken = False
        # What was asked, by the code that answers it; each is used once.
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens = 0

    def description(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            **self.described,
        }

    def sign_in(self, address: str, **claims: Any) -> str:
        """Somebody follows the portal to this address and signs in; where they are sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}-{time.time_ns()}"
        self.codes[code] = asked
        if claims:
            self.claims = claims
        query = urlencode({"code": code, "state": asked["state"]})
        return f"{urlsplit(asked['redirect_uri']).path}?{query}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """None where the client, its code or its proof (PKCE) is not the right one."""
        expected = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked = self.codes.pop(form.get("code", ""), None)
        if authorization != f"Basic {expected}" or asked is None:
            return None
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        is_same = asked["redirect_uri"] == form.get("redirect_uri")
        if proof != asked["code_challenge"] or not is_same:
            return None
        self.tokens += 1
        return {"access_token": "a", "token_type": "Bearer", "id_token": self.id_token(asked)}

    def id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 60,
            "nonce": asked["nonce"],
            **self.claims,
        }
        said = {name: value for name, value in claims.items() if value is not None}
        if self.header["alg"] == "none":
            parts = [self.header, said]
            texts = [base64.urlsafe_b64encode(json.dumps(part).encode()) for part in parts]
            return ".".join(text.decode().rstrip("=") for text in texts) + "."
        return jwt.encode(self.header, said, self.key, algorithms=["RS256", "HS256"])


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answers = {
                "/.well-known/openid-configuration": provider.description,
                "/keys": lambda: {"keys": [KEY.as_dict(private=False, alg="RS256", use="sig")]},
                "/userinfo": lambda: provider.userinfo or {"sub": provider.claims["sub"]},
            }
            self.answer(answers[urlsplit(self.path).path]())

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            fields = parse_qs(self.rfile.read(length).decode())
            form = {name: values[0] for name, values in fields.items()}
            self.answer(provider.token(form, self.headers.get("Authorization", "")))

        def answer(self, values: dict[str, Any] | None) -> None:
            body = b"<html>" if provider.is_broken else json.dumps(values or {}).encode()
            self.send_response(400 if values is None else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    return Handler


@contextmanager
def running_provider() -> Iterator[Provider]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = _handler(provider)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
