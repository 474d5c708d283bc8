"""Evidence on its own page: which file it may open to everybody."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from members.models import Document, Evidence
from tests.forms import fields_of
from tests.members.accession_cast import make_document

pytestmark = pytest.mark.django_db
ADD = "/admin/members/evidence/add/"


@pytest.mark.parametrize(("whose", "is_taken"), [("beta", False), ("alfa", True), ("", True)])
def test_evidence_opens_no_file_of_another_city(whose, is_taken, alfa_rows, beta, person, browse):
    """Published with its action, evidence makes its file public: also the office, which sees the
    files of all cities, opens none of another city by a slip."""
    action = alfa_rows["members.action"]
    file = make_document(alfa_rows["members.city"], "Signed act")
    owner = {"alfa": alfa_rows["members.city"], "beta": beta}.get(whose)
    Document.objects.filter(pk=file.pk).update(city=owner)
    office = browse(person("secretariat"))
    typed = {"action": action.pk, "document": file.pk, "_publish": "1"}
    answer = office.post(ADD, {**fields_of(office.get(ADD), "evidence_form"), **typed})
    file.refresh_from_db()
    if is_taken:
        assert answer.status_code == 302
        assert Evidence.objects.filter(document=file).exists()
        return
    assert answer.context["adminform"].form.errors == {
        "document": ["This file belongs to another city."]
    }
    assert not Evidence.objects.filter(document=file).exists()
    assert file.public_since is None


def test_file_of_another_city_is_refused_wherever_evidence_is_checked(alfa_rows, beta):
    file = make_document(alfa_rows["members.city"], "Signed act")
    evidence = Evidence(
        action=alfa_rows["members.action"], document=file, published_at=timezone.now()
    )
    evidence.clean()
    Document.objects.filter(pk=file.pk).update(city=beta)
    file.refresh_from_db()
    with pytest.raises(ValidationError, match="another city"):
        evidence.clean()
