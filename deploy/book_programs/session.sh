# The head of the session that deploy/book.py writes: one shell of root, which ends at the first command that fails.
set -e
cd /root
git config --global --add safe.directory '*'
begin() { echo "=== $1"; }
finish() { echo; echo "=== $1: done"; }

# What a visitor gets, through nginx, by the name of the portal.
ask() { curl --silent --show-error --fail --cacert "$certificate" --resolve cities.example.org:443:127.0.0.1 "$@"; }
certificate=/etc/letsencrypt/live/cities.example.org/fullchain.pem
visit() {
    ask --retry 20 --retry-delay 1 --retry-all-errors https://cities.example.org/readyz
    for path in / /en/ /pl/cities/ /en/help/ /en/data/ /accounts/login/; do
        ask --location "https://cities.example.org$path" | grep '</html>' > /dev/null || { echo "*** $path"; return 1; }
    done
    style="$(ask https://cities.example.org/en/ | grep --only-matching --max-count 1 '/static/[^"]*\.css')"
    ask "https://cities.example.org$style" > /dev/null
}

# Once their programs are there.
verify() {
    if ! command -v systemd-analyze > /dev/null; then
        echo "*** units NOT verified: systemd-analyze is missing ***"
        return
    fi
    said="$(systemd-analyze verify --man=no --recursive-errors=no /etc/systemd/system/ten-points* 2>&1 | grep ten-points || true)"
    [ -z "$said" ] || { echo "*** $said"; return 1; }
    echo "=== units: $(ls /etc/systemd/system/ten-points* | wc -l) verified"
}

# The portal's pages came from PostgreSQL, by a role that may not touch the log.
served_by_the_lesser_role() {
    [ "$(runuser -u postgres -- psql --dbname ten_points --tuples-only --no-align \
        --command "SELECT count(*) > 0 FROM pg_stat_activity WHERE usename = 'ten_points'")" = t ] \
        || { echo "*** nobody speaks to PostgreSQL as ten_points"; return 1; }
    said="$(portal shell --verbosity 0 --command "$delete_the_log" 2>&1 || true)"
    case "$said" in
        *"permission denied"*) echo "=== the log is safe from the portal" ;;
        *) echo "*** the portal could delete the log: $said"; return 1 ;;
    esac
}
delete_the_log='from django.db import connection
connection.cursor().execute("DELETE FROM auditlog_logentry")'
