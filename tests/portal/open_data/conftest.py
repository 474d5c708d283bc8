"""The cast with its plan in public: every kind has a row."""

import pytest
from django.utils import timezone

from members.models import Plan


@pytest.fixture
def public_cast(alfa_rows):
    Plan.objects.update(published_at=timezone.now())
    return alfa_rows
