#!/usr/bin/env bash
# Runs a command with DATABASE_URL naming a PostgreSQL of its own, which is gone afterwards:
#
#   deploy/postgres-for-tests.sh make test
#
# The server listens on a socket in a folder that nobody else may enter, and on no network. It never writes to disk for
# safety's sake, so that the tests are quick: never keep anything in it.
set -euo pipefail

if [ $# -eq 0 ]; then
    echo "Usage: deploy/postgres-for-tests.sh COMMAND…" >&2
    exit 2
fi

# Where the PATH of a bare shell lacks the folders of administration, `runuser` is still there.
PATH="$PATH:/usr/sbin:/sbin"

# Debian keeps the server's programs away from the PATH; the newest version counts.
programs="$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2> /dev/null | sort -V | tail -n 1)"
if [ -z "$programs" ]; then
    programs="$(dirname "$(command -v initdb || true)")"
fi
if [ ! -x "$programs/initdb" ]; then
    echo "PostgreSQL is missing. On Debian and Ubuntu: apt-get install postgresql" >&2
    exit 1
fi

folder="$(mktemp -d "${TMPDIR:-/tmp}/ten-points-postgres.XXXXXX")"

# PostgreSQL refuses to run as root; where we are root, it runs as the user that Debian's package made.
as_server() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

stop() {
    as_server "$programs/pg_ctl" --pgdata "$folder/data" --mode immediate --silent stop > /dev/null 2>&1 || true
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if [ "$(id -u)" -eq 0 ]; then
    chown postgres "$folder"
fi
as_server "$programs/initdb" --pgdata "$folder/data" --username postgres --auth trust --encoding UTF8 \
    --locale C.UTF-8 --no-sync > /dev/null
# Without autovacuum: what tests start from is analysed when it is made (tests/prepared.py), and then only copied.
as_server "$programs/pg_ctl" --pgdata "$folder/data" --wait --silent --log "$folder/log" --options "\
 -c listen_addresses='' -c unix_socket_directories='$folder'\
 -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off" start || {
    cat "$folder/log" >&2
    exit 1
}

# Two slashes after the user: django-environ reads what follows as the folder of the socket and the database's name.
# SERVER_ENDS_WITH_THE_RUN: the tests need not drop their databases (tests/prepared.py).
DATABASE_URL="postgres://postgres@/$folder/postgres" SERVER_ENDS_WITH_THE_RUN=1 "$@"
