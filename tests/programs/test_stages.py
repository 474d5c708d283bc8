"""The stage of a programme's edition as its dates say it."""

import pytest
from django.utils import timezone

from programs.models import Edition
from programs.stages import dated_stages, stage_words

THIS_YEAR = timezone.localdate().year


def edition(stage: str, on: str = "", period: tuple[str, str] = ("", "")) -> Edition:
    row = Edition(stage=stage, period_from=period[0], period_to=period[1])
    row.stage_on = on
    return row


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            edition("consultation", "2024-07-05"),
            "in consultation until July 2024; result not known",
        ),
        (edition("consultation", "2999-12"), "in consultation until December 2999"),
        (edition("consultation", "", ("2014", "")), "in consultation in 2014, result not known"),
        (edition("preparation", "2019-09-18"), "in preparation in 2019, nothing later known"),
        (edition("preparation", f"{THIS_YEAR}-01"), f"in preparation, {THIS_YEAR}"),
        (edition("preparation"), "in preparation; the source has no date"),
        (edition("adopted", "", ("2014", "")), "adopted in 2014, nothing later known"),
        (edition("adopted", "", ("2020", "2023")), "its period ended in 2023"),
        (edition("in_force", "", ("2020", "2999")), "its period runs until 2999"),
        (edition("evaluated", "2023-06-29", ("2016", "")), "evaluated in 2023"),
        (edition("ended", "", ("2011", "2012")), "ended in 2012"),
        (edition("", "", ("2020", "2022")), "its period ended in 2022"),
        (edition("", "", ("2020", "")), "mentioned in 2020, nothing later known"),
        (edition(""), "the source has no date"),
    ],
)
def test_stage_is_derived_from_the_dates(row, words):
    assert stage_words(row) == words


@pytest.mark.django_db
@pytest.mark.usefixtures("real_data")
def test_consultation_that_ended_is_not_called_open():
    editions = dated_stages(Edition.objects.filter(programme__slug="otwarty-krakow"))
    said = {row.label: stage_words(row) for row in editions}
    assert said["2024–2028"] == "in consultation until July 2024; result not known"
    assert said["2016"] == "evaluated in 2023"
