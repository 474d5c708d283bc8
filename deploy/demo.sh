#!/usr/bin/env bash
# Prepares the embedded database and serves the portal with its demonstration: what `make demo` does once the
# environment is built. Again and again without harm: data stays, and what has not changed is not loaded again.
set -euo pipefail
cd "$(dirname "$0")/.."

port="${PORT:-8000}"
python=.venv/bin/python
mkdir -p var

# A taken port is said at once, not after the loading.
"$python" - "$port" <<'PYTHON' || exit 1
import socket
import sys

with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", int(sys.argv[1])))
    except (OSError, OverflowError, ValueError) as error:
        sys.exit(f"Port {sys.argv[1]} cannot be used ({error}). Choose another: make demo PORT=8001")
PYTHON

# Made once and kept: sessions and links in letters survive a restart.
if [ ! -s var/secret-key ]; then
    (umask 077 && "$python" -c 'import secrets; print(secrets.token_urlsafe(50), end="")' > var/secret-key)
fi

# The demonstration is its own small production, whatever a developer's .env says: no DEBUG, hashed static files, and no
# letter that leaves the machine.
export DEMO=1 DEBUG=0 SECRET_KEY_FILE=var/secret-key EMAIL_URL=consolemail:// LETTERS_AT_ONCE=1
export SITE_URL="http://127.0.0.1:$port" ALLOWED_HOSTS=127.0.0.1,localhost,"[::1]"
# Addresses that lead nowhere, and the law of the country whose cities the demonstration shows most of.
export CONTACT_EMAIL=secretariat@example.org OPERATOR="Ten Points (demonstration)" OPERATOR_COUNTRY=PL
# The declaration of accessibility names the day on which this demonstration was first started.
PUBLISHED_ON="${PUBLISHED_ON:-$(date -r var/secret-key +%Y-%m-%d)}"
export PUBLISHED_ON

# The loaders are idempotent, but to compare thousands of unchanged rows takes half a minute: what they read is
# remembered in one line, and forgotten together with the database. Another database than ours is always compared.
fingerprint="$(find data/reference data/network data/towns portal/loading -type f ! -name '*.pyc' -print0 | sort -z | xargs -0 cksum | cksum)"
if [ -n "${DATABASE_URL:-}" ] || [ ! -e var/ten-points.sqlite3 ]; then rm -f var/loaded; fi

load() {
    "$python" manage.py "$1" | { grep -v ': 0 new, 0 changed' || true; }
}

echo "Preparing the database…"
"$python" manage.py migrate --verbosity 0
"$python" manage.py compile_catalogues
"$python" manage.py compile_dictionaries
"$python" manage.py collectstatic --no-input --verbosity 0
if [ "$(cat var/loaded 2> /dev/null)" != "$fingerprint" ]; then
    echo "Loading the network's data (half a minute, only when they have changed)…"
    load load_reference
    load load_network
    load load_towns
    echo "$fingerprint" > var/loaded
fi
load load_demo
# A portal that was loaded before a vote was recorded.
"$python" manage.py confirm_votes --by secretariat@example.org
# What can be downloaded, after each loading.
if [ ! -e var/published ] || [ var/loaded -nt var/published ]; then
    "$python" manage.py publish_data
    touch var/published
fi

cat <<TEXT

  Ten Points is at          http://127.0.0.1:$port/
  Coordinators sign in at   http://127.0.0.1:$port/admin/
  Letters (invitations, new passwords) are printed here. Ctrl+C stops the portal; the data stays in var/.

TEXT
exec .venv/bin/gunicorn portal.wsgi --preload --bind "127.0.0.1:$port" --workers 2 --threads 4 --log-level warning
