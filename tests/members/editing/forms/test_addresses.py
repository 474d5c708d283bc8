"""Web addresses that somebody types: what is taken, and what is refused with which words."""

import pytest
from django import forms
from django.core.exceptions import ValidationError

from members.editing.forms.addresses import PublicAddress, only_public_addresses

SCHEME = "Only addresses that begin with https:// or http:// can be given."
PRIVATE = "This address leads into a private network. Give a page that everybody can open."
PASSWORD = "Leave out the name and password in the address."

REFUSED = [
    ("javascript:alert(1)", SCHEME),
    ("JavaScript:alert(1)", SCHEME),
    ("file:///etc/passwd", SCHEME),
    ("ftp://example.org/x", SCHEME),
    ("data:text/html,hello", SCHEME),
    ("mailto:someone@example.org", SCHEME),
    ("http://localhost/", PRIVATE),
    ("http://localhost:8000/x", PRIVATE),
    ("https://printer.local/", PRIVATE),
    ("https://wiki.intranet/", PRIVATE),
    ("http://127.0.0.1/", PRIVATE),
    ("127.0.0.1:8000/x", PRIVATE),
    ("http://10.1.2.3/", PRIVATE),
    ("http://172.16.0.1/", PRIVATE),
    ("http://192.168.1.1/admin", PRIVATE),
    ("http://169.254.169.254/latest/", PRIVATE),
    ("http://0.0.0.0/", PRIVATE),
    ("http://[::1]/", PRIVATE),
    ("http://[fd00::1]/", PRIVATE),
    ("http://[::ffff:127.0.0.1]/", PRIVATE),
    ("https://someone:secret@example.org/", PASSWORD),
    ("http://2130706433/", "Enter a valid URL."),
    ("https://[broken/", "Enter a valid URL."),
    ("not an address", "Enter a valid URL."),
]


class AddressForm(forms.Form):
    url = forms.URLField(assume_scheme="https")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        only_public_addresses(self.fields["url"])


@pytest.mark.parametrize(("typed", "words"), REFUSED)
def test_address_is_refused_with_a_clear_sentence_at_the_field(typed, words):
    assert AddressForm({"url": typed}).errors == {"url": [words]}


@pytest.mark.parametrize(
    "typed",
    [
        "https://example.org/",
        "http://example.org:8080/a?b=c#d",
        "https://münchen.de/straße",
        "http://93.184.216.34/",
        "https://local.example.org/",
    ],
)
def test_public_address_is_taken(typed):
    assert AddressForm({"url": typed}).is_valid()


def test_address_without_a_scheme_is_taken_for_the_safe_one():
    form = AddressForm({"url": "www.example.org/x"})
    assert form.is_valid()
    assert form.cleaned_data["url"] == "https://www.example.org/x"


def test_other_fields_keep_their_checks():
    field = forms.CharField()
    before = list(field.validators)
    only_public_addresses(field)
    assert field.validators == before


def test_check_alone_refuses_as_well():
    with pytest.raises(ValidationError):
        PublicAddress()("javascript:alert(1)")
