#!/usr/bin/env bash
# root.sh FOLDER CHECKOUT: makes a fresh root in FOLDER and follows the book in it (deploy/book.py). Runs in namespaces of
# its own: its mounts are gone with it.
set -euo pipefail
folder="$1" checkout="$2"

session="$(cat "$folder/session.sh")"
mount -t tmpfs -o size=4g none "$folder"
mkdir "$folder/changes" "$folder/work" "$folder/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/changes,workdir=$folder/work" "$folder/root"
cd "$folder/root"
mount --rbind /dev dev
mount -t proc proc proc
# What this machine runs and keeps is not the book's.
mount -t tmpfs none run
mount -t tmpfs none tmp
mount -t tmpfs none srv
chmod 1777 tmp
mkdir -p source book
mount --bind "$checkout" source
printf '%s\n' "$session" > book/session.sh
cp -r "$checkout/deploy/book_programs" book/bin
# No package starts a service when it is installed.
printf '#!/bin/sh\nexit 101\n' > usr/sbin/policy-rc.d
chmod +x usr/sbin/policy-rc.d

# Certificates and mirrors of this machine; nothing else of its environment.
kept=()
for name in $(compgen -e | grep -E '^(PIP_|SSL_|REQUESTS_|HTTPS?_|https?_|NO_|no_)' || true); do
    kept+=("$name=${!name}")
done
exec env -i HOME=/root LANG=C.UTF-8 TERM=dumb PATH=/book/bin:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin \
    "${kept[@]}" chroot "$folder/root" /usr/bin/python3 /source/deploy/book.py --inside
