"""What the portal remarks about a citation, in coded words: each language says them its own way."""

from django.db import models
from django.utils.translation import pgettext_lazy


class SourceRemark(models.TextChoices):
    """What a source is, or what it lacks. A date may stand beside it (`Citation.remark_on`)."""

    CITY_SAYS = "city_says", pgettext_lazy("remark", "the city says so itself")
    NAMED = "named", pgettext_lazy("remark", "named as a member")
    OSWIECIM_PAGE = (
        "oswiecim_page",
        pgettext_lazy("remark", "named as a member on a page of the town of Oświęcim"),
    )
    BELGIAN_LIST = "belgian_list", pgettext_lazy("remark", "in a Belgian list of members")
    SAARBRUCKEN_LIST = (
        "saarbrucken_list",
        pgettext_lazy("remark", "in a list of members on a page of the city of Saarbrücken"),
    )
    UNESCO_LIST = (
        "unesco_list",
        pgettext_lazy("remark", "in the list of the German Commission for UNESCO"),
    )
    COMMITTEE = "committee", pgettext_lazy("remark", "elected to the network’s Steering Committee")
    PRESIDENCY = (
        "presidency",
        pgettext_lazy("remark", "held the presidency or a vice-presidency of the network"),
    )
    ADMITTED_COMMITTEE = (
        "admitted_committee",
        pgettext_lazy("remark", "admitted by a vote of the Steering Committee"),
    )
    ADMITTED_ASSEMBLY = (
        "admitted_assembly",
        pgettext_lazy("remark", "admitted by the assembly of the members"),
    )
    AT_CONFERENCE = (
        "at_conference",
        pgettext_lazy("remark", "joined at a conference of the network"),
    )
    MEETING = "meeting", pgettext_lazy("remark", "decided at a meeting of the network")
    UNANIMOUS = "unanimous", pgettext_lazy("remark", "a unanimous vote")
    NETWORK_DATE = "network_date", pgettext_lazy("remark", "the date that the network gives")
    CITY_DECISION = (
        "city_decision",
        pgettext_lazy(
            "remark",
            "the city’s own decision to join; no source gives the day of admission",
        ),
    )
    CITY_PRESS = "city_press", pgettext_lazy("remark", "a press release of the city")
    NEWSPAPER = "newspaper", pgettext_lazy("remark", "as a newspaper reports")
    OTHER_DATES = "other_dates", pgettext_lazy("remark", "other sources give other dates")
    AWARD = (
        "award",
        pgettext_lazy("remark", "finalist of the network’s award, which is for its members"),
    )
    REPORTING = "reporting", pgettext_lazy("remark", "took part in the network’s reports")
    DECLARATION = (
        "declaration",
        pgettext_lazy(
            "remark",
            "signed the declaration of intention of 2004, which is not a membership",
        ),
    )
    DATE_INFERRED = (
        "date_inferred",
        pgettext_lazy("remark", "the date was worked out from the text"),
    )
    DATE_ELSEWHERE = "date_elsewhere", pgettext_lazy("remark", "the date is from another page")
    DETAILS_ELSEWHERE = (
        "details_elsewhere",
        pgettext_lazy("remark", "details are from another page"),
    )
    ALSO_ELSEWHERE = "also_elsewhere", pgettext_lazy("remark", "another page says so too")
    STILL_ACTIVE = "still_active", pgettext_lazy("remark", "still active, another page says")
    COUNCIL_PAPER = "council_paper", pgettext_lazy("remark", "a paper of the council")
    SAME_MEETING = "same_meeting", pgettext_lazy("remark", "another report of the same meeting")
    DAY_UNKNOWN = "day_unknown", pgettext_lazy("remark", "the day is not stated")
    UNSEEN = (
        "unseen",
        pgettext_lazy("remark", "named by another page; nobody of the network has read it"),
    )
    KEPT_TEXT = (
        "kept_text",
        pgettext_lazy("remark", "a text that the network keeps; it has no known address"),
    )
    FEE_QUOTED = (
        "fee_quoted",
        pgettext_lazy("remark", "as a city of this size was told, in a motion or a report"),
    )
    OFFICIAL_TITLES = (
        "official_titles",
        pgettext_lazy(
            "remark",
            "titles in English, German, French and Italian are quoted; the other "
            "titles and all objectives are the network’s own words",
        ),
    )
    OWN_WORDS = "own_words", pgettext_lazy("remark", "in the network’s own words")
    TREATIES = (
        "treaties",
        pgettext_lazy("remark", "Article 21(2) applies within the scope of the Treaties"),
    )
    RACE_TERM = (
        "race_term",
        pgettext_lazy(
            "remark",
            "the legal term of the Charter; using it does not mean accepting that "
            "human races exist",
        ),
    )
    LOCAL_GROUND = (
        "local_ground",
        pgettext_lazy("remark", "added by a city; the Charter does not name it"),
    )
    NOT_IN_LOCAL_LIST = (
        "not_in_local_list",
        pgettext_lazy("remark", "the list of the city of Częstochowa does not name it"),
    )
    OWN_PAGE = "own_page", pgettext_lazy("remark", "from its own page")
    OWN_PAGE_UNDATED = (
        "own_page_undated",
        pgettext_lazy("remark", "from its own page, which has no date"),
    )
    OWN_PAGE_OLD = "own_page_old", pgettext_lazy("remark", "from an old page of its own")
    CITY_PAGE = "city_page", pgettext_lazy("remark", "from a page of the city")
    AUTHORITY_PAGE = "authority_page", pgettext_lazy("remark", "from a page of another authority")
    OTHERS_LIST = "others_list", pgettext_lazy("remark", "from a list kept by others")
    PRESS = "press", pgettext_lazy("remark", "from the press")
    PARTNER_PAGE = "partner_page", pgettext_lazy("remark", "from a page of another organisation")
    ADVICE_NETWORK = (
        "advice_network",
        pgettext_lazy("remark", "from a note of an advice network; not a service of the city"),
    )
