"""Numbers for a monitoring program, as Prometheus reads them; off unless `METRICS_TOKEN` is set.

Requests are counted in each process. Where `METRICS_FOLDER` is set, all processes of the machine
write there, and whichever answers adds them up.
"""

import os
import secrets
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.db import Error
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from members.models import Letter, TimedRun
from members.timers import late_timers
from portal.middleware import STAFF_AREAS

View = Callable[[HttpRequest], HttpResponse]
# Seconds; whoever reads waits for the last one.
BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Instruments(NamedTuple):
    registry: CollectorRegistry
    requests: Counter
    seconds: Histogram


@cache
def instruments() -> Instruments:
    """Made with the first request: commands count none."""
    registry = CollectorRegistry()
    return Instruments(
        registry,
        Counter(
            "ten_points_requests",
            "Requests answered, by area, method and kind of answer.",
            ["area", "method", "status"],
            registry=registry,
        ),
        Histogram(
            "ten_points_request_seconds",
            "Seconds until the answer was made.",
            ["area"],
            buckets=BUCKETS,
            registry=registry,
        ),
    )


def counted(get_response: View) -> View:
    """Count every request and its time; names no address and nobody."""

    def middleware(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = get_response(request)
        area = _area(request.path)
        status = f"{response.status_code // 100}xx"
        instruments().requests.labels(area, request.method or "", status).inc()
        instruments().seconds.labels(area).observe(time.perf_counter() - began)
        return response

    return middleware


def metrics(request: HttpRequest) -> HttpResponse:
    """`/metrics`, for whoever sends `Authorization: Bearer` and the token; there is no such page
    for others."""
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.METRICS_TOKEN
    if not token or not secrets.compare_digest(bearer.encode(), token.encode()):
        raise Http404
    of_database = CollectorRegistry()
    of_database.register(DatabaseNumbers())
    content = generate_latest(_registry_of_requests()) + generate_latest(of_database)
    response = HttpResponse(content, content_type=CONTENT_TYPE_PLAIN_0_0_4)
    response["Cache-Control"] = "no-store"
    return response


class DatabaseNumbers(Collector):
    """What the database says at this moment; where it is away, only that."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            numbers = [*_letters(), *_runs()]
        except Error:
            numbers = []
        yield _number("database_up", "Whether the database answers.", int(bool(numbers)))
        yield from numbers


def _letters() -> Iterator[GaugeMetricFamily]:
    drafted = Q(state=Letter.State.DRAFTED)
    counts = Letter.objects.aggregate(
        waiting=Count("pk", filter=drafted),
        due=Count("pk", filter=drafted & Q(next_try_at__lte=timezone.now())),
        failed=Count("pk", filter=Q(state=Letter.State.FAILED)),
    )
    yield _number("letters_waiting", "Letters in the outbox.", counts["waiting"])
    yield _number("letters_due", "Letters that could be sent now.", counts["due"])
    yield _number("letters_failed", "Letters that were given up.", counts["failed"])


def _runs() -> Iterator[GaugeMetricFamily]:
    """A timer's last success, in seconds since 1970: `nightly`, `index_due`, `backup`, others."""
    family = GaugeMetricFamily(
        "ten_points_last_success_seconds",
        "When a timed command last succeeded.",
        labels=["command"],
    )
    runs = TimedRun.objects.filter(succeeded_at__isnull=False).order_by("command")
    for command, moment in runs.values_list("command", "succeeded_at"):
        if moment:
            family.add_metric([command], moment.timestamp())
    yield family
    late = len(late_timers())
    yield _number("timers_late", "Timed commands that have not run for too long.", late)


def _number(name: str, meaning: str, value: int) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"ten_points_{name}", meaning, value=value)


def _registry_of_requests() -> CollectorRegistry:
    """Of all processes of this machine, or of this one."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return instruments().registry
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def _area(path: str) -> str:
    if path.startswith(STAFF_AREAS):
        return "staff"
    return "api" if path.startswith("/api/") else "public"
