"""A passkey without a device: it answers as a browser does, for tests."""

import json
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

FLAG = AuthenticatorData.FLAG


@dataclass
class SoftPasskey:
    """`is_unlocked`: whether a finger, a face or a PIN unlocked it for this answer."""

    host: str = "localhost"
    origin: str = "http://localhost"
    is_unlocked: bool = True
    credential_id: bytes = b"a-passkey-of-a-test"
    owner: str = ""
    counter: int = 0
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def create(self, options: str) -> str:
        """What the browser sends when the passkey is made."""
        wishes = json.loads(options)["publicKey"]
        self.owner = wishes["user"]["id"]
        public = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(bytes(16), self.credential_id, public)
        made = AttestationObject.create("none", self._state(FLAG.AT, credential), {})
        return self._answer(
            {
                "clientDataJSON": self._client_data("webauthn.create", wishes["challenge"]),
                "attestationObject": websafe_encode(bytes(made)),
            }
        )

    def get(self, options: str) -> str:
        """What the browser sends when somebody signs in."""
        wishes = json.loads(options)["publicKey"]
        state = self._state()
        client_data = self._client_data("webauthn.get", wishes["challenge"])
        digest = hashes.Hash(hashes.SHA256())
        digest.update(websafe_decode(client_data))
        signature = self.key.sign(bytes(state) + digest.finalize(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": client_data,
                "authenticatorData": websafe_encode(bytes(state)),
                "signature": websafe_encode(signature),
                "userHandle": self.owner,
            }
        )

    def _state(
        self, flags: FLAG = FLAG.UP, credential: AttestedCredentialData | None = None
    ) -> AuthenticatorData:
        digest = hashes.Hash(hashes.SHA256())
        digest.update(self.host.encode())
        flags |= FLAG.UP  # Somebody touched it.
        if self.is_unlocked:
            flags |= FLAG.UV
        self.counter += 1
        rest = bytes(credential) if credential else b""
        return AuthenticatorData.create(digest.finalize(), flags, self.counter, rest)

    def _client_data(self, kind: str, challenge: str) -> str:
        made = CollectedClientData.create(type=kind, challenge=challenge, origin=self.origin)
        return websafe_encode(bytes(made))

    def _answer(self, response: dict[str, str]) -> str:
        name = websafe_encode(self.credential_id)
        answer = {
            "type": "public-key",
            "id": name,
            "rawId": name,
            "response": response,
            "clientExtensionResults": {"credProps": {"rk": True}},
        }
        return json.dumps(answer)
