#!/usr/bin/env bash
# Checks what deploy/ ships, with Debian's own programs: the units by systemd-analyze, the configuration of nginx by
# nginx, and nginx in front of the portal with slow clients, large bodies and broken requests. What is missing on this
# machine is said loudly and left out.
#
#   make deployment
#
# Needs an installed .venv. Serves an empty portal from a temporary folder; touches nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH="$PATH:/usr/sbin:/sbin"

folder="$(mktemp -d "${TMPDIR:-/tmp}/ten-points-deployment.XXXXXX")"
pids=()
stop() {
    [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2> /dev/null || true
    wait 2> /dev/null || true
    rm -rf "$folder"
}
trap stop EXIT

missing() { echo "*** NOT checked: $1 is missing. On Debian and Ubuntu: apt-get install $2 ***"; }

# --- Units: the programs that they start must exist, so they are copied with programs that do ------------------------

if command -v systemd-analyze > /dev/null; then
    mkdir "$folder/units"
    for unit in deploy/*.service deploy/*.timer; do
        sed -e 's|/srv/ten-points/app/.venv/bin/[a-z]*|/bin/true|' -e 's|^WorkingDirectory=.*|WorkingDirectory=/|' \
            -e '/^User=/d' -e '/^Group=/d' "$unit" > "$folder/units/$(basename "$unit")"
    done
    answer="$(systemd-analyze verify --man=no --recursive-errors=no "$folder"/units/* 2>&1 | grep "$folder" || true)"
    [ -z "$answer" ] || { echo "$answer"; exit 1; }
    echo "units: $(find "$folder/units" -type f | wc -l) verified"
    for timer in deploy/*.timer; do
        systemd-analyze calendar "$(sed -n 's/^OnCalendar=//p' "$timer")" > /dev/null
        [ -e "${timer%.timer}.service" ] || { echo "$timer starts no service"; exit 1; }
    done
    echo "timers: every calendar can be read, every service is there"
else
    missing systemd-analyze systemd
fi

# --- Compose -------------------------------------------------------------------------------------------------------

.venv/bin/python - <<'PYTHON'
import yaml
with open("deploy/compose.yaml", encoding="utf-8") as file:
    services = yaml.safe_load(file)["services"]
for name, service in services.items():
    for other in service.get("depends_on", {}):
        assert other in services, f"{name} depends on {other}, which is not there"
print(f"compose: {len(services)} services, read as YAML; no image was built or started")
PYTHON

# --- nginx before the portal ---------------------------------------------------------------------------------------

if ! command -v nginx > /dev/null; then
    missing nginx nginx
    exit 0
fi
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=cities.example.org \
    -keyout "$folder/privkey.pem" -out "$folder/fullchain.pem" 2> /dev/null
port="$(.venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
sed -e "s|/etc/letsencrypt/live/cities.example.org|$folder|" -e "s|/run/ten-points/socket|$folder/socket|" \
    -e '/listen \[::\]/d' -e "s|listen 443 ssl http2|listen 127.0.0.1:$port ssl http2|" \
    -e "s|listen 80;|listen unix:$folder/plain;|" deploy/nginx.conf > "$folder/site.conf"
# Started by root, its workers would be another account, which may not enter the folder.
[ "$(id -u)" -ne 0 ] || echo "user root;" > "$folder/nginx.conf"
cat >> "$folder/nginx.conf" <<NGINX
worker_processes 1;
pid $folder/nginx.pid;
error_log $folder/error.log;
daemon off;
events { worker_connections 1024; }
http {
    access_log off;
    client_body_temp_path $folder/body;
    proxy_temp_path $folder/proxy;
    fastcgi_temp_path $folder/fastcgi;
    uwsgi_temp_path $folder/uwsgi;
    scgi_temp_path $folder/scgi;
    include $folder/site.conf;
}
NGINX
nginx -t -q -c "$folder/nginx.conf"
echo "nginx.conf: accepted by $(nginx -v 2>&1 | sed 's/.*: //')"

export DEBUG=0 SECRET_KEY=only-to-check-the-deployment-0123456789-0123456789 CONTACT_EMAIL=office@example.org
export SITE_URL="https://cities.example.org" ALLOWED_HOSTS=127.0.0.1 BEHIND_PROXY=1 EMAIL_URL=consolemail://
export DATABASE_URL="sqlite:///$folder/portal.sqlite3" MEDIA_ROOT="$folder/media" STATIC_ROOT="$folder/static"
.venv/bin/python manage.py collectstatic --no-input --verbosity 0
.venv/bin/python manage.py migrate --verbosity 0
.venv/bin/gunicorn portal.wsgi --bind "unix:$folder/socket" --workers 1 --threads 2 --umask 007 --log-level error &
pids+=($!)
nginx -c "$folder/nginx.conf" &
pids+=($!)
.venv/bin/python deploy/check_proxy.py "$port"
