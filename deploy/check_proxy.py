"""Asks the portal through nginx what an attacker or a bad line asks; `deploy/check.sh` starts it.

Prints one line per check, and fails with the first that is not as it should be.
"""

import gzip
import http.client
import socket
import ssl
import sys
import time

Answer = http.client.HTTPResponse
HOST = "cities.example.org"
SLOW_CLIENTS = 100
# Seconds within which a page comes although slow clients hold their connections.
QUICK = 5


def context() -> ssl.SSLContext:
    """Encrypted; the certificate was made a moment ago and nobody signed it."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    return made


class Proxy:
    """nginx at this port."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        place = ("127.0.0.1", self.port)
        connection = http.client.HTTPSConnection(*place, context=context(), timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body or None, {"Host": HOST, **named})
        return connection.getresponse()

    def slow_client(self) -> ssl.SSLSocket:
        """Sends the beginning of a request and no more."""
        line = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        client = context().wrap_socket(line, server_hostname=HOST)
        head = f"POST /en/join/interest/ HTTP/1.1\r\nHost: {HOST}\r\n"
        client.sendall(f"{head}Content-Length: 100000\r\n\r\nname=".encode())
        return client


def wait_for(proxy: Proxy) -> None:
    for _time in range(240):
        try:
            if proxy.ask("GET", "/readyz").status == 200:
                return
        except OSError:
            pass
        time.sleep(0.5)
    sys.exit("the portal does not answer behind nginx")


def check(sentence: str, is_so: bool) -> None:
    sys.stdout.write(f"nginx: {sentence}: {'yes' if is_so else 'NO'}\n")
    if not is_so:
        sys.exit(1)


def main(port: int) -> None:
    proxy = Proxy(port)
    wait_for(proxy)
    page = proxy.ask("GET", "/en/", Accept_Encoding="gzip")
    content = page.read()
    check("a page is 200", page.status == 200)
    is_small = page.headers["Content-Encoding"] == "gzip"
    check("it is compressed", is_small and b"<html" in gzip.decompress(content))
    check("it insists on TLS", "max-age=31536000" in page.headers["Strict-Transport-Security"])
    forged = proxy.ask("GET", "/en/", X_Forwarded_Proto="http")
    check("a forged X-Forwarded-Proto changes nothing", forged.status == 200)
    large = proxy.ask("POST", "/en/join/interest/", b"x" * 22_500_000)
    check("a body of 22 MB is refused by nginx (413)", large.status == 413)
    check("nginx does not say its version", "/" not in large.headers["Server"])
    check("TRACE is refused", proxy.ask("TRACE", "/en/").status == 405)
    other = proxy.ask("GET", "/en/", Host="elsewhere.example")
    check("another host is refused", other.status in {400, 404, 421})
    slow = [proxy.slow_client() for _number in range(SLOW_CLIENTS)]
    began = time.monotonic()
    status = proxy.ask("GET", "/en/").status
    seconds = time.monotonic() - began
    sentence = f"{SLOW_CLIENTS} slow clients, and a page in {seconds:.1f} s"
    check(sentence, status == 200 and seconds < QUICK)
    for client in slow:
        client.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
