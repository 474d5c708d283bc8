"""Tells a Sentry of the portal's own faults, where an administrator names one (decision 0065).

What leaves is built anew from the little that is safe: which kind of error, where in the code, on
which kind of page, under which request id. Not what somebody typed, not who it was, and not what
the error says, which may repeat both.
"""

from typing import Any

from portal.middleware import current_request_id
from portal.outages import outage_of

# Of an event as a whole: when, how bad, which program.
_ABOUT = ("event_id", "timestamp", "level", "platform", "logger", "sdk")
_ERROR = ("type", "module")
# Of a line of the traceback: where it is, and the lines of the source around it.
_FRAME = (
    "filename",
    "module",
    "function",
    "lineno",
    "in_app",
    "pre_context",
    "context_line",
    "post_context",
)
# Their messages are sentences with gaps; others put what they speak of into the sentence.
_OURS = ("portal", "programs", "members", "languages")

# What the library hands over; its own type exists for its checker only.
Event = Any


def start(dsn: str) -> None:
    """From now on faults of this process are told."""
    # An extra: most portals do not have it.
    import sentry_sdk  # noqa: PLC0415

    sentry_sdk.init(
        dsn=dsn,
        before_send=cleaned,
        before_breadcrumb=_nothing,
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        auto_session_tracking=False,
        send_client_reports=False,
    )


def _nothing(*args: Any) -> None:
    """The lines of the log before an error are no part of it."""


def cleaned(event: Event, hint: dict[str, Any]) -> Event:
    """What may leave of an event; None for one that tells of no fault of ours.

    A database that is away is told by /readyz and /metrics, once and not with each request.
    """
    _kind, error, _traceback = hint.get("exc_info") or (None, None, None)
    if outage_of(error) is not None:
        return None
    safe = _chosen(event, _ABOUT)
    errors = event.get("exception", {}).get("values", [])
    if errors:
        values = [_error(each) for each in errors]
        safe["exception"] = {"values": values}
    elif event.get("logger", "").startswith(_OURS):
        sentence = event.get("logentry", {}).get("message", "")
        safe["logentry"] = {"message": sentence}
    page = event.get("transaction_info", {})
    if page.get("source") == "route":
        # The form of the address, as the code has it; nothing of this one.
        safe["transaction"] = event["transaction"]
    request_id = current_request_id()
    if request_id:
        safe["tags"] = {"request_id": request_id}
    return safe


def _error(error: Event) -> Event:
    safe = _chosen(error, _ERROR)
    frames = error.get("stacktrace", {}).get("frames", [])
    chosen = [_chosen(frame, _FRAME) for frame in frames]
    safe["stacktrace"] = {"frames": chosen}
    return safe


def _chosen(values: Event, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}
