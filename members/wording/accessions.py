"""Letters about accessions, decisions and membership."""

from django.utils.translation import gettext_lazy as _

from members.wording.kind import ASK, HELLO, LINK, NO_REMINDERS, LetterKind

OPEN_FILE = _("Open the file:")
OPEN_CITY = _("Your city’s page:")
# Each of these says where a file stands. A newer one makes an older unsent one pointless.
STANDING = (
    "accession_opened",
    "accession_submitted",
    "accession_returned",
    "accession_review_started",
    "accession_on_agenda",
    "accession_off_agenda",
    "accession_deferred",
    "reminder_returned",
    "reminder_stalled",
)
DECIDED = ("accession_admitted", "accession_rejected")
MEMBERSHIP = (
    "membership_suspended",
    "membership_restored",
    "membership_withdrawn",
    "membership_excluded",
)
FILE = ("city", "link")

ACCESSION_LETTERS = {
    "accession_opened": LetterKind(
        label=_("Accession: the file is open"),
        when=_(
            "To the city’s coordinators, when the secretariat has opened an accession file for "
            "them."
        ),
        subject=_("The accession file of {city} is open"),
        text=(
            HELLO,
            _(
                "We have opened a file for the accession of {city} to the network. You can begin "
                "today, save it half finished and come back as often as you like."
            ),
            OPEN_FILE,
            LINK,
            _(
                "The file says what is still missing. When you are ready, one button hands it to "
                "us. Until then it is your draft."
            ),
            ASK,
        ),
        values=FILE,
        needs=("link",),
        replaces=("accession_opened",),
    ),
    "accession_submitted": LetterKind(
        label=_("Accession: the file has arrived"),
        when=_("To the city’s coordinators, when they have handed in the file: their receipt."),
        subject=_("We have received the accession file of {city}"),
        text=(
            HELLO,
            _(
                "Thank you: the accession file of {city} has arrived, with everything that you put "
                "into it."
            ),
            _(
                "We now read it. If something is missing, we return it to you and say what; "
                "otherwise it goes to the Steering Committee. You need do nothing until you hear "
                "from us."
            ),
            _("You can read the file at any time:"),
            LINK,
            ASK,
        ),
        values=FILE,
        replaces=STANDING,
    ),
    "accession_arrived": LetterKind(
        label=_("Accession: a file is waiting for you"),
        when=_("To the secretariat, when a city has handed in its file."),
        subject=_("{city} has handed in its accession file"),
        text=(
            HELLO,
            _("{city} has handed in its accession file. It waits for your review."),
            OPEN_FILE,
            LINK,
        ),
        values=FILE,
        needs=("link",),
        replaces=(
            "accession_arrived",
            "accession_withdrawn",
            "reminder_returned",
            "reminder_stalled",
        ),
    ),
    "accession_returned": LetterKind(
        label=_("Accession: the file comes back"),
        when=_(
            "To the city’s coordinators, when the secretariat returns the file with its reasons."
        ),
        subject=_("The accession file of {city} needs your work"),
        text=(
            HELLO,
            _(
                "We have read the accession file of {city}. Before it can go on, we ask you for "
                "this:"
            ),
            "{reason}",
            _(
                "Nothing is lost: the file is open for you as you handed it in. Change it and hand "
                "it in once more."
            ),
            OPEN_FILE,
            LINK,
            ASK,
        ),
        values=(*FILE, "reason"),
        needs=("reason", "link"),
        replaces=STANDING,
    ),
    "accession_review_started": LetterKind(
        label=_("Accession: the review has begun"),
        when=_("To the city’s coordinators, when the secretariat has begun to review the file."),
        subject=_("We are reading the accession file of {city}"),
        text=(
            HELLO,
            _(
                "The review of the accession file of {city} has begun. Until it ends, the file "
                "cannot be changed."
            ),
            _(
                "We write to you when it goes to the Steering Committee, or if we need something "
                "from you."
            ),
            OPEN_FILE,
            LINK,
            ASK,
        ),
        values=FILE,
        replaces=STANDING,
    ),
    "accession_on_agenda": LetterKind(
        label=_("Accession: on the agenda"),
        when=_("To the city’s coordinators, when the accession is on the agenda of a meeting."),
        subject=_("The accession of {city} is on the agenda"),
        text=(
            HELLO,
            _("The accession of {city} is on the agenda of this meeting:"),
            "{meeting}",
            _(
                "The Steering Committee reads the file before it votes. We write to you as soon as "
                "it has decided."
            ),
            OPEN_FILE,
            LINK,
            ASK,
        ),
        values=(*FILE, "meeting"),
        needs=("meeting",),
        replaces=STANDING,
    ),
    "accession_off_agenda": LetterKind(
        label=_("Accession: off the agenda"),
        when=_(
            "To the city’s coordinators, when the accession is taken off the agenda of a meeting."
        ),
        subject=_("The accession of {city} is off the agenda"),
        text=(
            HELLO,
            _(
                "The accession of {city} has been taken off the agenda of the meeting, for this "
                "reason:"
            ),
            "{reason}",
            _(
                "The file is under review again. We write to you as soon as it is on another "
                "agenda."
            ),
            OPEN_FILE,
            LINK,
            ASK,
        ),
        values=(*FILE, "reason"),
        needs=("reason",),
        replaces=STANDING,
    ),
    "accession_deferred": LetterKind(
        label=_("Accession: deferred"),
        when=_("To the city’s coordinators, when the committee has put its decision off."),
        subject=_("The decision on {city} is put off"),
        text=(
            HELLO,
            _(
                "The Steering Committee has put off its decision on the accession of {city}, for "
                "this reason:"
            ),
            "{reason}",
            _(
                "The accession stays open and comes back to a later meeting. We write to you when "
                "its date is known."
            ),
            OPEN_FILE,
            LINK,
            ASK,
        ),
        values=(*FILE, "reason"),
        needs=("reason",),
        replaces=STANDING,
    ),
    "accession_admitted": LetterKind(
        label=_("Accession: admitted"),
        when=_("To the city’s coordinators, when the city has been admitted."),
        subject=_("Welcome: {city} is a member"),
        text=(
            HELLO,
            _(
                "The Steering Committee has admitted {city}. Your city is a member of the network "
                "since the vote ({date}). Welcome, and thank you for the work that brought you "
                "here!"
            ),
            _(
                "Your city’s page is the place where everybody can read what you promise and what "
                "you do. You look after it yourselves, with the account that you have."
            ),
            _("The decision stands in the file:"),
            LINK,
            ASK,
        ),
        values=(*FILE, "date"),
        replaces=(*STANDING, *DECIDED, "decision_annulled"),
    ),
    "accession_rejected": LetterKind(
        label=_("Accession: not admitted"),
        when=_("To the city’s coordinators, when the committee has decided against the accession."),
        subject=_("The decision on the accession of {city}"),
        text=(
            HELLO,
            _(
                "The Steering Committee has decided not to admit {city} to the network. This is "
                "its reason:"
            ),
            "{reason}",
            _(
                "The file stays as it is, and you can read it. A city may apply again: we are glad "
                "to talk with you about what it would take."
            ),
            OPEN_FILE,
            LINK,
            ASK,
        ),
        values=(*FILE, "reason"),
        needs=("reason",),
        replaces=(*STANDING, *DECIDED, "decision_annulled"),
    ),
    "accession_withdrawn": LetterKind(
        label=_("Accession: withdrawn by the city"),
        when=_("To the secretariat, when a city withdraws its accession."),
        subject=_("{city} has withdrawn its accession"),
        text=(
            HELLO,
            _("{city} has withdrawn its accession. This is what the city says:"),
            "{reason}",
            _("The file is closed and stays readable."),
            LINK,
        ),
        values=(*FILE, "reason"),
        needs=("reason",),
        replaces=(*STANDING, "accession_arrived"),
    ),
    "membership_suspended": LetterKind(
        label=_("Membership: suspended"),
        when=_("To the city’s coordinators, when the membership is suspended."),
        subject=_("The membership of {city} is suspended"),
        text=(
            HELLO,
            _("The membership of {city} in the network is suspended from {date}, for this reason:"),
            "{reason}",
            _(
                "Your city’s pages and its work stay on the portal. The suspension can be lifted: "
                "talk with us."
            ),
            OPEN_CITY,
            LINK,
            ASK,
        ),
        values=(*FILE, "reason", "date"),
        needs=("reason", "date"),
        replaces=MEMBERSHIP,
    ),
    "membership_restored": LetterKind(
        label=_("Membership: restored"),
        when=_("To the city’s coordinators, when a suspension has been lifted."),
        subject=_("{city} is a full member again"),
        text=(
            HELLO,
            _("The suspension of {city} has been lifted. It holds from {date}, for this reason:"),
            "{reason}",
            _("Your city is a full member again. Welcome back!"),
            OPEN_CITY,
            LINK,
            ASK,
        ),
        values=(*FILE, "reason", "date"),
        needs=("reason", "date"),
        replaces=MEMBERSHIP,
    ),
    "membership_withdrawn": LetterKind(
        label=_("Membership: ended by the city"),
        when=_("To the city’s coordinators, when the city has left the network."),
        subject=_("The membership of {city} has ended"),
        text=(
            HELLO,
            _(
                "We have recorded that {city} leaves the network. It holds from {date}, for this "
                "reason:"
            ),
            "{reason}",
            _("Thank you for the time that we worked together."),
            _(
                "What your city did as a member stays readable. The door stays open: a city can "
                "apply again."
            ),
            OPEN_CITY,
            LINK,
            ASK,
        ),
        values=(*FILE, "reason", "date"),
        needs=("reason", "date"),
        replaces=MEMBERSHIP,
    ),
    "membership_excluded": LetterKind(
        label=_("Membership: excluded"),
        when=_("To the city’s coordinators, when the city has been excluded."),
        subject=_("The membership of {city} has been ended"),
        text=(
            HELLO,
            _(
                "The network has decided to end the membership of {city}. It holds from {date}, "
                "for this reason:"
            ),
            "{reason}",
            _(
                "The decision and its date are public. If you see the facts in another way, write "
                "to us."
            ),
            OPEN_CITY,
            LINK,
            ASK,
        ),
        values=(*FILE, "reason", "date"),
        needs=("reason", "date"),
        replaces=MEMBERSHIP,
    ),
    "decision_annulled": LetterKind(
        label=_("Decision: annulled"),
        when=_(
            "To the city’s coordinators, when a decision on the city was recorded wrongly and is "
            "annulled."
        ),
        subject=_("A correction about {city}"),
        text=(
            HELLO,
            _(
                "We made a mistake: a decision on {city} was recorded wrongly. We have annulled "
                "it. The reason:"
            ),
            "{reason}",
            _(
                "The wrong record stays visible as annulled. You need do nothing; the file shows "
                "what counts now:"
            ),
            LINK,
            ASK,
        ),
        values=(*FILE, "reason"),
        needs=("reason",),
        replaces=(*STANDING, *DECIDED),
    ),
    "reminder_returned": LetterKind(
        label=_("Reminder: a returned file waits"),
        when=_(
            "To the city’s coordinators, when a returned file has not been handed in again for a "
            "while."
        ),
        subject=_("The accession file of {city} waits for you"),
        text=(
            HELLO,
            _(
                "We returned the accession file of {city} on {date}, and it has not come back yet. "
                "It is open for you as you left it, with what we asked for at the top."
            ),
            OPEN_FILE,
            LINK,
            _("If something stands in the way, tell us: we are glad to help."),
            NO_REMINDERS,
        ),
        values=(*FILE, "date"),
        needs=("link",),
        replaces=("reminder_returned",),
        reminder=True,
    ),
    "reminder_stalled": LetterKind(
        label=_("Reminder: a review waits"),
        when=_(
            "To the secretariat, when a file has waited for its review or its meeting for a while."
        ),
        subject=_("The accession of {city} has not moved since {date}"),
        text=(
            HELLO,
            _("The accession of {city} has not moved since {date}. The city waits for an answer."),
            OPEN_FILE,
            LINK,
        ),
        values=(*FILE, "date"),
        needs=("link",),
        replaces=("reminder_stalled",),
        reminder=True,
    ),
}
