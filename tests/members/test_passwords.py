"""Which passwords are refused, and what is said of them."""

import hashlib

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from members.models import User
from members.passwords import BreachedPasswordValidator, stands_in
from tests.conftest import make_city

ZOFIA = User(email="zofia.kowalska@example.org", name="Zofia Kowalska")


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("eleven-sign", "too short"),
        ("password1234", "very weak"),
        ("qwertyuiopas", "very weak"),
        ("aaaaaaaaaaaaaaaa", "very weak"),
        ("coordinator12", "weak"),
        ("Zofia.Kowalska1", "weak"),
        ("482910563728", "entirely numeric"),
    ],
)
def test_what_is_guessed_first_is_refused_in_words(password, words):
    with pytest.raises(ValidationError) as refused:
        validate_password(password, ZOFIA)
    assert words in " ".join(refused.value.messages)


@pytest.mark.django_db
def test_names_of_the_own_cities_are_own_words(person, country):
    editor = person("editor", make_city(country, "sampleton"))
    editor.email, editor.name = ZOFIA.email, ZOFIA.name
    validate_password("Sampleton1234x", ZOFIA)
    with pytest.raises(ValidationError) as refused:
        validate_password("Sampleton1234x", editor)
    assert "weak" in " ".join(refused.value.messages)


@pytest.mark.parametrize(
    "password", ["żółta łódka śpi cicho", "correct horse battery staple", "Ü" * 3 + "x9-Kran-Fluss"]
)
def test_several_words_are_good(password):
    validate_password(password, ZOFIA)


def test_a_very_long_password_takes_no_longer():
    validate_password("korrekt-pferd-batterie-" + "a" * 100_000, ZOFIA)


@pytest.mark.parametrize("ending", ["\r\n", "\n"])
def test_breached_passwords_are_refused_by_a_sorted_file(tmp_path, ending):
    stolen = [f"stolen-password-{number}" for number in range(257)]
    digests = sorted(
        hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest().upper() for text in stolen
    )
    lines = [f"{digest}:{number}{ending}" for number, digest in enumerate(digests)]
    file = tmp_path / "hashes.txt"
    file.write_bytes("".join(lines).encode())
    validator = BreachedPasswordValidator(str(file))
    for text in stolen:
        with pytest.raises(ValidationError) as refused:
            validator.validate(text, ZOFIA)
        assert "password_breached" in {error.code for error in refused.value.error_list}
    validator.validate("never-stolen-quiet-lantern", ZOFIA)
    for digest in (b"0" * 40, b"F" * 40):
        assert not stands_in(file, digest)


def test_an_empty_file_refuses_nothing(tmp_path):
    file = tmp_path / "none.txt"
    file.touch()
    assert not stands_in(file, b"A" * 40)
