"""What a session knows of signing in: when it began, when it was used last, and whether the person
has proved a moment ago who they are."""

import time

from django.conf import settings
from django.http import HttpRequest

BEGAN_AT = "began_at"
SEEN_AT = "seen_at"
PROVED_AT = "proved_at"
BROWSER = "browser"

# Pages of the administration, by the names of their addresses, on which rights are given, decisions
# written or data of people taken out: whoever opens them shows first that it is they.
GUARDED = {
    "members_accession_verb",
    "members_membership_verb",
    "members_membership_confirm",
    "members_membership_correct",
    "members_decision_change",
    "members_user_change",
    "members_user_export",
    "members_user_erase",
    "members_user_factors",
    "members_cityrole_add",
    "members_cityrole_change",
    "members_invitation_add",
    "auditlog_logentry_export",
}
# Pages that everybody of a city reads, and whose buttons give or end rights; lists in which many
# rows are chosen for one button.
GUARDED_BUTTONS = {"team", "members_invitation_changelist", "members_cityrole_changelist"}


def begin(request: HttpRequest) -> None:
    """Somebody has just signed in."""
    now = time.time()
    request.session[BEGAN_AT] = now
    request.session[SEEN_AT] = now
    request.session[BROWSER] = browser_of(request)
    note(request)


def note(request: HttpRequest) -> None:
    """The person has just proved it."""
    request.session[PROVED_AT] = time.time()


def forget(request: HttpRequest) -> None:
    """Nobody has proved anything: somebody else says who the person is."""
    request.session.pop(PROVED_AT, None)


def is_fresh(request: HttpRequest) -> bool:
    """Whether that is not longer ago than rights, factors and decisions allow."""
    proved_at = request.session.get(PROVED_AT, 0)
    return bool(time.time() - proved_at < settings.PROOF_MINUTES * 60)


def is_needed(request: HttpRequest) -> bool:
    """Whether the page that is asked for wants a fresh proof, and there is none."""
    page = request.resolver_match
    if page is None:
        return False
    is_press = request.method == "POST" and page.url_name in GUARDED_BUTTONS
    if not is_press and page.url_name not in GUARDED:
        return False
    return not is_fresh(request)


# How browsers and systems call themselves, the more special names first.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


def browser_of(request: HttpRequest) -> str:
    """The names of browser and system, as far as they are known: `Firefox, Windows`."""
    text = request.headers.get("User-Agent", "")
    names = []
    for words in (BROWSERS, SYSTEMS):
        name = next((name for word, name in words.items() if word in text), None)
        if name:
            names.append(name)
    return ", ".join(names)
