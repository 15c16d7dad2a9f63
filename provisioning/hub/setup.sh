#!/bin/sh
# Sets up the hub of a district on a Debian server (12 or newer): program, database, broker, pages over TLS, nightly backups. Can be
# run again at any time: it brings the program up to date and leaves settings, data and keys alone.
#
#   make wheel                                                   # once, in the source
#   sudo sh provisioning/hub/setup.sh --group cpm3 --name hub.example.org
#
#   --group G            the district; more than one: --group "cpm3 cpm4"
#   --name HOST          what people and schools call this server
#   --postgresql         PostgreSQL on this server, in place of SQLite
#   --certificate FILE --key FILE    for the pages; without them one that is signed by nobody, which browsers warn of
#   --wheel FILE         the program (default: dist/ of the source)
#   --wheels DIR         what the program needs, where there is no Internet (pip download -r locks/run.lock)
#   remove               take everything away but /var/lib/dltv-hub, /var/backups/dltv-hub and /etc/dltv-hub
set -eu

HERE=$(dirname "$(readlink -f "$0")")
PROGRAM=/opt/dltv-hub
SETTINGS=/etc/dltv-hub
DATA=/var/lib/dltv-hub
BROKER=/var/lib/dltv-broker
BACKUPS=/var/backups/dltv-hub
OWN=/usr/local/lib/dltv-hub
UNITS=/etc/systemd/system
NAME=dltv-hub
PACKAGES='python3-venv mosquitto nginx-light openssl ca-certificates systemd-timesyncd'
STARTED='dltv-hub.service dltv-hub-backup.timer dltv-broker-reload.path dltv-broker-reload.timer'

fail() {
    echo "setup: $*" >&2
    exit 2
}

step() {
    echo "- $*"
}

main() {
    group='' host='' postgresql='' certificate='' key='' wheel='' wheels=''
    while [ $# -gt 0 ]; do
        case $1 in
            --group) group=${2:?}; shift ;;
            --name) host=${2:?}; shift ;;
            --postgresql) postgresql=yes ;;
            --certificate) certificate=$(readlink -f "${2:?}"); shift ;;
            --key) key=$(readlink -f "${2:?}"); shift ;;
            --wheel) wheel=$(readlink -f "${2:?}"); shift ;;
            --wheels) wheels=$(readlink -f "${2:?}"); shift ;;
            remove) must_be_root; remove_all; exit 0 ;;
            *) fail "$1 is not known; see the beginning of $0" ;;
        esac
        shift
    done
    must_be_root
    require_answers
    umask 022
    install_packages
    make_user
    make_folders
    make_program
    make_database
    make_settings
    make_broker
    make_pages
    put_units
    start_all
    farewell
}

must_be_root() {
    [ "$(id -u)" -eq 0 ] || fail "this must be run by root: put sudo before it"
}

# What was set up before is asked for only once.
require_answers() {
    [ -f "$SETTINGS/hub.toml" ] || [ -n "$group" ] || fail "which district? --group G"
    [ -f "$SETTINGS/hub.toml" ] || [ -n "$host" ] || fail "what is this server called? --name HOST"
    if [ -n "$host" ]; then
        echo "$host" | grep -Eqx '[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?' || fail "--name: $host is no name of a server"
    fi
    for one in $group; do
        echo "$one" | grep -Eqx '[a-z0-9-]{2,32}' || fail "--group: $one is none; write 2 to 32 of a-z 0-9 -"
    done
    if [ -n "$certificate$key" ]; then
        if [ ! -f "$certificate" ] || [ ! -f "$key" ]; then
            fail "--certificate and --key go together, and name files"
        fi
    fi
    for one in "$HERE"/../../dist/dltv_fleet-*.whl; do
        [ -n "$wheel" ] || wheel=$one
    done
    [ -f "$wheel" ] || fail "there is no program; run make wheel in the source, or name it with --wheel FILE"
    lock=$HERE/../../locks/run.lock
    [ -f "$lock" ] || lock=$HERE/run.lock
    [ -f "$lock" ] || fail "there is no $lock: run this from the source"
}

running() {
    [ -d /run/systemd/system ]
}

install_packages() {
    wanted=$PACKAGES
    [ -z "$postgresql" ] || wanted="$wanted postgresql postgresql-client python3-psycopg"
    missing=''
    for package in $wanted; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    step "packages:$missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086  # a list
    apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

make_user() {
    getent group "$NAME" >/dev/null || groupadd --system "$NAME"
    getent passwd "$NAME" >/dev/null \
        || useradd --system --gid "$NAME" --home-dir "$DATA" --no-create-home --shell /usr/sbin/nologin "$NAME"
}

make_folders() {
    install -d -o root -g "$NAME" -m 0750 "$SETTINGS"
    install -d -o "$NAME" -g "$NAME" -m 0700 "$DATA" "$BACKUPS"
    # Mosquitto's group gets every file that the hub writes there.
    install -d -o "$NAME" -g mosquitto -m 2750 "$BROKER"
    install -d -o mosquitto -g mosquitto -m 0700 /var/lib/mosquitto
    install -d "$OWN"
    install -m 0755 "$HERE/broker-reload.sh" "$OWN/broker-reload.sh"
}

# Each version has an environment of its own; `current` points to the one in use, so that an update that fails changes nothing.
make_program() {
    version=$(basename "$wheel" | cut -d - -f 2)-$(sha256sum "$wheel" "$lock" | sha256sum | cut -c 1-12)${postgresql:+-pg}
    place=$PROGRAM/releases/$version
    if [ ! -e "$place/.whole" ]; then
        step "program $version"
        rm -rf "$place"
        mkdir -p "$PROGRAM/releases"
        # PostgreSQL's driver comes from Debian, with Debian's updates.
        python3 -m venv ${postgresql:+--system-site-packages} "$place"
        pip="$place/bin/python -m pip install --quiet --no-input --no-cache-dir --disable-pip-version-check --root-user-action ignore"
        from=''
        [ -z "$wheels" ] || from="--no-index --find-links $wheels"
        # shellcheck disable=SC2086  # lists
        $pip $from --require-hashes --only-binary :all: -r "$lock"
        $pip --no-index --no-deps "$wheel"
        touch "$place/.whole"
    fi
    ln -sfn "releases/$version" "$PROGRAM/current.new"
    mv -T "$PROGRAM/current.new" "$PROGRAM/current"
    # Root's door to the hub: runs it as the hub's own user, so that no file of the hub becomes root's.
    cat >/usr/local/bin/dltv-hub.new <<EOF
#!/bin/sh
cd /
[ "\$(id -u)" -ne 0 ] || exec runuser -u $NAME -- $PROGRAM/current/bin/dltv-hub "\$@"
exec $PROGRAM/current/bin/dltv-hub "\$@"
EOF
    chmod 0755 /usr/local/bin/dltv-hub.new
    mv /usr/local/bin/dltv-hub.new /usr/local/bin/dltv-hub
}

make_database() {
    store='# SQLite, in the data directory'
    [ -n "$postgresql" ] || return 0
    store='url = "postgresql+psycopg:///dltv-hub?host=/run/postgresql"'
    running || service postgresql start >/dev/null
    as_postgres="runuser -u postgres -- psql -tAq -v ON_ERROR_STOP=1"
    [ "$($as_postgres -c "select 1 from pg_roles where rolname = '$NAME'")" = 1 ] || $as_postgres -c "create role \"$NAME\" login"
    [ "$($as_postgres -c "select 1 from pg_database where datname = '$NAME'")" = 1 ] \
        || $as_postgres -c "create database \"$NAME\" owner \"$NAME\" encoding 'UTF8' template template0"
}

make_settings() {
    if [ ! -f "$SETTINGS/hub.toml" ]; then
        step "settings $SETTINGS/hub.toml"
        # shellcheck disable=SC2086  # a list
        groups=$(printf '%s", "' $group | sed 's/", "$//')
        sed -e "s|@GROUP@|$groups|" -e "s|@NAME@|$host|g" -e "s|@STORE@|$store|" "$HERE/hub.toml" >"$SETTINGS/hub.toml.new"
        chown "root:$NAME" "$SETTINGS/hub.toml.new"
        chmod 0640 "$SETTINGS/hub.toml.new"
        mv "$SETTINGS/hub.toml.new" "$SETTINGS/hub.toml"
    fi
    if [ ! -f "$SETTINGS/secrets.env" ]; then
        install -o root -g "$NAME" -m 0640 /dev/null "$SETTINGS/secrets.env"
    fi
    # While it runs it brings its database up to date at its next start.
    pidof_hub || dltv-hub migrate --config "$SETTINGS/hub.toml"
}

pidof_hub() {
    running && systemctl is-active --quiet dltv-hub.service
}

make_broker() {
    step "broker, in $BROKER"
    dltv-hub broker-config --config "$SETTINGS/hub.toml" --out "$BROKER" >/dev/null
    install -d "$UNITS/mosquitto.service.d"
    install -m 0644 "$HERE/units/mosquitto.conf" "$UNITS/mosquitto.service.d/dltv-hub.conf"
}

make_pages() {
    site=/etc/nginx/sites-available/$NAME
    [ -n "$host" ] || return 0
    step "pages, https://$host"
    install -d -m 0750 "$SETTINGS/tls"
    if [ -n "$certificate" ]; then
        install -m 0644 "$certificate" "$SETTINGS/tls/certificate.pem"
        install -m 0600 "$key" "$SETTINGS/tls/key.pem"
    elif [ ! -f "$SETTINGS/tls/key.pem" ]; then
        (umask 077; openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj "/CN=$host" \
            -addext "subjectAltName=DNS:$host" -keyout "$SETTINGS/tls/key.pem" -out "$SETTINGS/tls/certificate.pem" 2>/dev/null)
    fi
    sed -e "s|@NAME@|$host|g" -e "s|@CERTIFICATE@|$SETTINGS/tls/certificate.pem|" -e "s|@KEY@|$SETTINGS/tls/key.pem|" \
        "$HERE/nginx.conf" >"$site.new"
    mv "$site.new" "$site"
    ln -sfn "$site" /etc/nginx/sites-enabled/$NAME
    nginx -t -q || fail "nginx refuses $site"
}

put_units() {
    for unit in "$HERE"/units/dltv-*; do
        install -m 0644 "$unit" "$UNITS/"
    done
    # shellcheck disable=SC2086  # a list
    systemctl enable --quiet $STARTED mosquitto.service nginx.service
}

start_all() {
    running || { step "systemd does not run here: nothing is started"; return 0; }
    systemctl daemon-reload
    systemctl restart mosquitto.service
    # shellcheck disable=SC2086  # a list
    systemctl start $STARTED
    systemctl restart dltv-hub.service
    systemctl reload-or-restart nginx.service
}

farewell() {
    echo
    if running; then
        for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
            sleep 2
            dltv-hub doctor --quiet --config "$SETTINGS/hub.toml" >/dev/null 2>&1 && break
        done
        dltv-hub doctor --config "$SETTINGS/hub.toml" || true
    fi
    echo
    echo "The hub is set up. The first admin: sudo dltv-hub people admin-link --config $SETTINGS/hub.toml"
    echo "What is wrong, at any time:         sudo dltv-hub doctor --config $SETTINGS/hub.toml"
}

remove_all() {
    now=''
    ! running || now=--now
    # shellcheck disable=SC2086  # lists
    systemctl disable $now --quiet $STARTED 2>/dev/null || true
    rm -f "$UNITS"/dltv-hub.service "$UNITS"/dltv-hub-backup.service "$UNITS"/dltv-hub-backup.timer "$UNITS"/dltv-broker-reload.*
    rm -f "$UNITS/mosquitto.service.d/dltv-hub.conf" /etc/nginx/sites-enabled/$NAME /etc/nginx/sites-available/$NAME
    rmdir "$UNITS/mosquitto.service.d" 2>/dev/null || true
    rm -rf "$PROGRAM" "$OWN" /usr/local/bin/dltv-hub "$BROKER"
    if running; then
        systemctl daemon-reload
        systemctl try-restart mosquitto.service nginx.service
    fi
    echo "Gone, but for $DATA, $BACKUPS and $SETTINGS: they hold the district's data and keys. Debian's packages stay."
}

main "$@"
