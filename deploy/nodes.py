"""Two nodes of one portal behind nginx: what one of them does, the other knows; one may be killed.

    make nodes    # PostgreSQL, Redis and nginx of Debian, and moto for S3, all on this machine

Each check prints its line, each fault a line of a table; fails with the first that is not so.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import boto3
import psycopg

from deploy.processes import hung, killed, running
from deploy.proxy import nginx_configuration
from deploy.readers import HEADING, Fault, warm
from deploy.serving import Gunicorn, choose_settings, set_up, wait_for
from deploy.writers import GROUND, OFFICE, OTHER, Browser, Writers, sign_in

PROXY, NODES, REDIS, STORAGE = 8600, (8591, 8592), 8593, 8594
BUCKET = "ten-points"
KEY = "only-for-this-drill"
# As members/limits.py has it: wrong passwords for one account from one computer.
WRONG_PASSWORDS = 5
# A cache that is away or hangs may cost so much.
QUICK = 1.5
WORDS = "Network of the drill"
SOURCE = "https://www.example.org/drill"
PDF = b"%PDF-1.7\n" + b" " * 200_000 + b"\n%%EOF\n"


# --- What must hold -------------------------------------------------------------------------------


def check(sentence: str, is_so: bool) -> None:
    sys.stdout.write(f"{sentence}: {'yes' if is_so else 'NO'}\n")
    sys.stdout.flush()
    if not is_so:
        sys.exit(1)


def check_sessions(office: Browser) -> None:
    first, second = NODES
    check("a person signs in at one node", sign_in(office, first, OFFICE))
    check("the other node knows the session", office.get(second, "/admin/")[0] == 200)
    check("so does nginx before both", office.get(PROXY, "/admin/")[0] == 200)
    stranger = Browser()
    check("without the cookie neither does", stranger.get(second, "/admin/")[0] == 302)


def check_limits() -> None:
    """Wrong passwords at both nodes count together."""
    browser = Browser()
    for number in range(WRONG_PASSWORDS):
        port = NODES[number % 2]
        check_wrong = sign_in(browser, port, OTHER, "wrong")
        check(f"wrong password {number + 1} is refused at {port}", not check_wrong)
    for port in NODES:
        check(f"then the right one, too, at {port}", not sign_in(browser, port, OTHER))


def check_pages(office: Browser, session: psycopg.Connection) -> None:
    """What is published at one node is on the pages of the other at its next request."""
    first, second = NODES
    before = Browser().get(second, "/en/grounds/drill/")[0]
    saved = office.post(first, GROUND, slug="drill", name_en="A ground of this drill")
    [[name]] = session.execute("SELECT name_en FROM members_ground WHERE slug = 'drill'").fetchall()
    check(
        "a row is saved at one node", (before, saved, name) == (404, 302, "A ground of this drill")
    )
    for port in (second, first, second):
        check(f"the first page of {port} lacks it", WORDS.encode() not in home(port))
    text = {"key": "headline", "text_en": WORDS, "cite_address": SOURCE, "cite_title": "Drill"}
    status = office.post(first, "/admin/members/networktext/add/", **text, _publish="1")
    check("a text is published at one node", status == 302)
    for port in (second, first):
        check(f"after one saving the first page of {port} has it", WORDS.encode() in home(port))


def home(port: int) -> bytes:
    return Browser().get(port, "/en/")[1]


def check_uploads(office: Browser, session: psycopg.Connection) -> str:
    """The address of a document that was uploaded at one node."""
    first, second = NODES
    status = office.upload(first, "/admin/members/document/add/", "file", PDF, title="Minutes")
    [[number]] = session.execute("SELECT max(id) FROM members_document").fetchall()
    address = f"/documents/{number}/"
    check("a document is uploaded at one node", status == 302 and number is not None)
    check("the other node gives it out", office.get(second, address) == (200, PDF))
    check("and not to a stranger", Browser().get(second, address)[0] == 404)
    return address


def check_killed_node(node: Gunicorn, session: psycopg.Connection) -> bool:
    """Every row that somebody was told is saved is there, and its line of the log."""
    with Writers(PROXY) as writers:
        is_good = Fault("one node killed", node.killed).run(PROXY)
    wait_for(node.port)
    sentence, is_whole = writers.compared(session)
    check(sentence, is_whole)
    return is_good


def check_outages(
    redis: subprocess.Popen, storage: subprocess.Popen, office: Browser, address: str
) -> list[bool]:
    results = []

    @contextmanager
    def without_storage() -> Iterator[None]:
        with hung(storage):
            began = time.monotonic()
            status, _page = office.get(NODES[0], address)
            seconds = time.monotonic() - began
            check(f"a document answers 503 in {seconds:.1f} s", status == 503 and seconds < 12)
            yield

    @contextmanager
    def without_cache(stop: object) -> Iterator[None]:
        with stop(redis):  # type: ignore[operator]
            yield
            check("nobody is signed out", office.get(NODES[1], "/admin/")[0] == 200)
            check("limits hold", not sign_in(Browser(), NODES[0], OTHER))

    results.append(Fault("storage of files hangs", without_storage).run(PROXY))
    check("the document is there again", office.get(NODES[0], address) == (200, PDF))
    for name, stop in (("cache hangs", hung), ("cache killed", killed)):
        fault = Fault(name, lambda stop=stop: without_cache(stop), slowest=QUICK)
        results.append(fault.run(PROXY))
    return results


def prepare(folder: str) -> None:
    """Settings of both nodes, the tables, two people, the bucket."""
    choose_settings(
        PROXY,
        Path(folder),
        BEHIND_PROXY="1",
        S3_BUCKET=BUCKET,
        S3_ENDPOINT=f"http://127.0.0.1:{STORAGE}",
        S3_REGION="eu-central-1",
        S3_KEY="key",
        S3_SECRET=KEY,
        CACHE_URL=f"rediscache://127.0.0.1:{REDIS}/0?socket_timeout=0.5&socket_connect_timeout=0.5",
    )
    set_up()
    client = boto3.client(
        "s3",
        endpoint_url=os.environ["S3_ENDPOINT"],
        aws_access_key_id="key",
        aws_secret_access_key=KEY,
        region_name="eu-central-1",
    )
    place = {"LocationConstraint": "eu-central-1"}
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)


def main() -> int:
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        sys.exit("Run it by make nodes: it writes into the database that DATABASE_URL names.")
    address = os.environ["DATABASE_URL"].partition("@/")[2].rpartition("/")
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        redis = stack.enter_context(
            running("redis-server", "--port", str(REDIS), "--bind", "127.0.0.1", "--save", "")
        )
        storage = stack.enter_context(
            running(".venv/bin/python", "-m", "moto.server", "--port", str(STORAGE))
        )
        time.sleep(3)
        prepare(folder)
        nodes = [Gunicorn(port) for port in NODES]
        for node in nodes:
            stack.enter_context(node.running())
        configuration = nginx_configuration(Path(folder), PROXY, NODES)
        stack.enter_context(running("nginx", "-c", str(configuration)))
        wait_for(PROXY)
        place = f"host={address[0]} user=postgres dbname={address[2]}"
        session = stack.enter_context(psycopg.connect(place, autocommit=True))
        return check_everything(nodes, redis, storage, session)


def check_everything(
    nodes: list[Gunicorn],
    redis: subprocess.Popen,
    storage: subprocess.Popen,
    session: psycopg.Connection,
) -> int:
    office = Browser()
    check_sessions(office)
    check_limits()
    check_pages(office, session)
    document = check_uploads(office, session)
    for port in NODES:
        warm(port)
    sys.stdout.write(HEADING)
    results = [check_killed_node(nodes[1], session)]
    results += check_outages(redis, storage, office, document)
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
