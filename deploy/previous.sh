#!/usr/bin/env bash
# Runs the code of the release before on the tables of this one, as some nodes do during an upgrade: it loads the whole
# network into them, which writes nearly every table, then shows pages.
#
#   make previous REF=v0.1.0
#
# Needs an installed .venv. Works in a temporary folder; DATABASE_URL may name an empty PostgreSQL instead of SQLite.
set -euo pipefail
cd "$(dirname "$0")/.."

ref="${1:-$(git describe --tags --abbrev=0 2> /dev/null || true)}"
[ -n "$ref" ] || { echo "There is no tag. Name the release before: make previous REF=COMMIT" >&2; exit 2; }
here="$PWD"
folder="$(mktemp -d "${TMPDIR:-/tmp}/ten-points-previous.XXXXXX")"
trap 'git worktree remove --force "$folder/code" 2> /dev/null || true; rm -rf "$folder"' EXIT
git worktree add --quiet --detach "$folder/code" "$ref"

export DEBUG=1 SECRET_KEY=only-for-tests SITE_URL=http://127.0.0.1:8000 KEPT_PAGES=0 LOG_LEVEL=ERROR
export DATABASE_URL="${DATABASE_URL:-sqlite:///$folder/portal.sqlite3}" MEDIA_ROOT="$folder/media"
.venv/bin/python manage.py migrate --verbosity 0
echo "tables: of this release"

cd "$folder/code"
export PYTHONPATH="$folder/code"
previous() { "$here/.venv/bin/python" manage.py "$@"; }
previous compile_catalogues --verbosity 0 > /dev/null
previous load_reference > /dev/null
previous load_network > /dev/null
echo 'four-Walruses-on-9-bicycles' | previous create_secretariat office@example.org Office > /dev/null
echo "rows: written by $ref"
previous shell --verbosity 0 -c '
from django.test import Client
from members.models import City, User
browser, staff = Client(SERVER_NAME="127.0.0.1"), Client(SERVER_NAME="127.0.0.1")
staff.force_login(User.objects.get())
pages = ["/en/", "/en/cities/", "/en/programmes/", "/en/news/", "/en/help/", "/en/data/", "/en/search/?q=city"]
pages += [f"/en/cities/{slug}/" for slug in City.objects.public().values_list("slug", flat=True)[:20]]
desks = ["/admin/", "/admin/members/city/", "/admin/members/letter/", "/admin/portal/news/"]
found = {page: browser.get(page).status_code for page in pages}
found |= {page: staff.get(page).status_code for page in desks}
wrong = {page: status for page, status in found.items() if status != 200}
print(f"pages: {len(found)} asked of that release, {len(wrong)} wrong {wrong or str()}")
raise SystemExit(bool(wrong))
'
