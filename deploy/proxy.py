"""nginx with the shipped configuration before the portal, and clients that keep it waiting; for
faults.py and nodes.py."""

import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from deploy.crowd import Crowd

# So many send a form byte by byte, and as many read a page so.
SLOW_CLIENTS = 50


def nginx_configuration(folder: Path, port: int, nodes: Sequence[int]) -> Path:
    """The shipped file at this port, with these nodes behind it, without TLS."""
    shipped = Path("deploy/nginx.conf").read_text(encoding="utf-8")
    [_before, _plain, server] = shipped.split("server {")
    lines = [line for line in server.splitlines() if "ssl" not in line]
    site = "\n".join([f"listen 127.0.0.1:{port};", *lines])
    site = site.replace("http://unix:/run/ten-points/socket", "http://ten_points")
    site = site.replace("server_name cities.example.org;", "")
    servers = [f"server 127.0.0.1:{node} max_fails=2 fail_timeout=10s;" for node in nodes]
    temporary = [
        f"{name}_temp_path {folder}/{name};" for name in ("proxy", "fastcgi", "uwsgi", "scgi")
    ]
    file = folder / "nginx.conf"
    file.write_text(
        f"""{"user root;" if os.geteuid() == 0 else ""}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
daemon off;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    {" ".join(temporary)}
    upstream ten_points {{ {" ".join(servers)} }}
    proxy_next_upstream error timeout http_503;
    server {{ {site}
}}
""",
        encoding="utf-8",
    )
    return file


class SlowClients(Crowd):
    """Each holds a connection for as long as the block lasts: every second one sends the beginning
    of a form and then a byte at a time, the others read a page in that way."""

    number = SLOW_CLIENTS * 2

    def live(self, person: int) -> None:
        while not self.has_ended:
            try:
                self._hold(is_sending=bool(person % 2))
            except OSError:
                # nginx let go of it, as it should.
                self.rest(1)

    def _hold(self, *, is_sending: bool) -> None:
        line = socket.socket()
        # Little fits in between: the server must wait for its reader.
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.settimeout(30)
        with line:
            line.connect(("127.0.0.1", self.port))
            head = "POST /en/join/interest/" if is_sending else "GET /en/cities/"
            length = "Content-Length: 100000\r\n" if is_sending else ""
            line.sendall(f"{head} HTTP/1.1\r\nHost: 127.0.0.1\r\n{length}\r\n".encode())
            while not self.has_ended:
                if is_sending:
                    line.sendall(b"x")
                elif not line.recv(1):
                    return
                self.rest(0.5)


@contextmanager
def slow_clients(port: int) -> Iterator[None]:
    with SlowClients(port):
        yield
