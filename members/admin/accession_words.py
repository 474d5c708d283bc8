"""How the verbs of accessions and memberships are called on buttons and pages, and what they say
they do."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.admin.verb_pages import Words
from members.models import AccessionStep, MembershipStep

A = AccessionStep.Verb
M = MembershipStep.Verb

ACCESSION = {
    A.SUBMIT: Words(
        pgettext_lazy("button", "Submit the file"),
        _("Submit the file to the network"),
        _("The secretariat is told. Nobody can change the file until it is returned or decided."),
        _("The file of %(city)s was submitted."),
    ),
    A.RETURN: Words(
        pgettext_lazy("button", "Return to the city"),
        _("Return the file to the city"),
        _("The city can write in the file again and submit it anew. It reads your reasons."),
        _("The file was returned to %(city)s."),
    ),
    A.REVIEW: Words(
        pgettext_lazy("button", "Begin the review"),
        _("Begin the review"),
        _("The city is told that you are reading its file."),
        _("The file of %(city)s is under review."),
    ),
    A.SCHEDULE: Words(
        pgettext_lazy("button", "Put on an agenda"),
        _("Put the file on the agenda of a meeting"),
        _("The committee reads the file, and the city is told of the meeting."),
        _("The file of %(city)s is on the agenda."),
    ),
    A.UNSCHEDULE: Words(
        pgettext_lazy("button", "Take off the agenda"),
        _("Take the file off the agenda"),
        _("The file is under review again and can be put on another agenda."),
        _("The file of %(city)s is off the agenda."),
    ),
    A.ADMIT: Words(
        pgettext_lazy("button", "Record: admitted"),
        _("Record that the city was admitted"),
        _(
            "The city is a member from the day of the vote. Its page, its membership and the "
            "decision are public at"
            " once, and what it chose becomes its commitments."
        ),
        _("%(city)s is a member."),
    ),
    A.DEFER: Words(
        pgettext_lazy("button", "Record: deferred"),
        _("Record that the decision was put off"),
        _("The file waits for a later agenda, or is returned to the city."),
        _("The decision on %(city)s is recorded as deferred."),
    ),
    A.REJECT: Words(
        pgettext_lazy("button", "Record: rejected"),
        _("Record that the city was not admitted"),
        _("The file is closed. The city may begin a new one later."),
        _("The decision on %(city)s is recorded as rejected."),
        grave=True,
    ),
    A.WITHDRAW: Words(
        pgettext_lazy("button", "Withdraw the application"),
        _("Withdraw the application"),
        _("The file is closed and kept. The city may begin a new one later."),
        _("The application of %(city)s was withdrawn."),
        grave=True,
    ),
    A.ANNUL: Words(
        pgettext_lazy("button", "Annul the decision"),
        _("Annul a decision that was entered wrongly"),
        _(
            "The decision stays readable as annulled, with your reason. What it made of the "
            "membership is taken back,"
            " and the file is on the agenda of the same meeting again, so that the right "
            "decision can be recorded."
        ),
        _("The decision on %(city)s is annulled."),
        grave=True,
    ),
}

MEMBERSHIP = {
    M.CONFIRM: Words(
        pgettext_lazy("button", "Confirm the membership"),
        _("Confirm that the city is a member"),
        _("The membership counts as active from now on."),
        _("The membership of %(city)s is confirmed."),
    ),
    M.SUSPEND: Words(
        pgettext_lazy("button", "Suspend"),
        _("Suspend the membership"),
        _("The city stays in the directory, marked as suspended."),
        _("The membership of %(city)s is suspended."),
        grave=True,
    ),
    M.RESTORE: Words(
        pgettext_lazy("button", "Restore"),
        _("Restore the membership"),
        _("The membership is active again."),
        _("The membership of %(city)s is active again."),
    ),
    M.WITHDRAW: Words(
        pgettext_lazy("button", "Record: the city left"),
        _("Record that the city left the network"),
        _(
            "The city stays in the directory as a former member. It may join again by a new "
            "accession."
        ),
        _("%(city)s is a former member."),
        grave=True,
    ),
    M.EXCLUDE: Words(
        pgettext_lazy("button", "Record: excluded"),
        _("Record that the network excluded the city"),
        _(
            "The city stays in the directory as a former member. It may join again by a new "
            "accession."
        ),
        _("The exclusion of %(city)s is recorded."),
        grave=True,
    ),
    M.ANNUL: Words(
        pgettext_lazy("button", "Annul the last change"),
        _("Annul a change that was entered wrongly"),
        _("The change stays readable, with your reason, and the earlier standing holds again."),
        _("The last change of %(city)s is annulled."),
        grave=True,
    ),
}
