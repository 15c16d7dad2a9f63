#!/bin/sh
# Puts an unpacked bundle in place, or takes everything away again. Called by install.sh, by the Debian package and by a prepared
# SD card; needs no network. Can be run again: what is in place stays.
#
#   setup.sh install BUNDLE.zip    from the folder that it was unpacked into, as linux/setup.sh
#   setup.sh remove
set -eu

PROGRAM=/opt/dltv-agent
SETTINGS=/etc/dltv-agent
STATE=/var/lib/dltv-agent
OWN=/var/lib/dltv-provision
UNITS=/etc/systemd/system
MODULES=/etc/modules-load.d/dltv-agent.conf
NAME=dltv-agent
PYTHON=/usr/bin/python3
FITS='import json, sys; sys.exit("cp%d%d" % sys.version_info[:2] not in json.load(open(sys.argv[1]))["pythons"])'
# Of serial ports, of tuners and HDMI-CEC, of sensors: as far as this system has them.
EQUIPMENT='dialout video i2c'

fail() {
    echo "dltv-agent: $*" >&2
    exit 2
}

main() {
    [ "$(id -u)" -eq 0 ] || fail "this must be run by root: put sudo before it"
    umask 022
    case ${1:-} in
        install) install_bundle "$(dirname "$(dirname "$(readlink -f "$0")")")" "$(readlink -f "${2:?}")" ;;
        remove) remove_all ;;
        *) fail "say install BUNDLE.zip, or remove" ;;
    esac
}

install_bundle() {
    bundle=$1
    archive=$2
    # Wherever this was called from may not be there any more.
    cd /
    version=$("$PYTHON" -c 'import json, sys; print(json.load(open(sys.argv[1]))["version"])' "$bundle/release.json")
    "$PYTHON" -c "$FITS" "$bundle/release.json" || fail "the bundle is not for this system's Python: tell the district office"
    make_user
    make_provisioner "$bundle" "$version"
    "$PROGRAM/provisioner/bin/python" -m provisioning install --bundle "$archive"
    give_folders
    put_units "$bundle/linux"
    # For the end of all this; the bundle itself is not kept.
    cp "$bundle/linux/setup.sh" "$PROGRAM/setup.sh.new"
    mv "$PROGRAM/setup.sh.new" "$PROGRAM/setup.sh"
}

make_user() {
    getent group "$NAME" >/dev/null || groupadd --system "$NAME"
    getent passwd "$NAME" >/dev/null \
        || useradd --system --gid "$NAME" --home-dir "$STATE" --no-create-home --shell /usr/sbin/nologin "$NAME"
    for group in $EQUIPMENT; do
        if getent group "$group" >/dev/null; then
            usermod --append --groups "$group" "$NAME"
        fi
    done
}

# The program that lays out releases comes into its place without itself: the only environment that is made here.
make_provisioner() {
    place=$PROGRAM/provisioners/$2
    if [ ! -e "$PROGRAM/provisioner" ] || ! "$PROGRAM/provisioner/bin/python" -c 'import provisioning.app' 2>/dev/null; then
        rm -rf "$place"
        mkdir -p "$PROGRAM/provisioners"
        "$PYTHON" -m venv --without-pip "$place"
        PIP_CONFIG_FILE=/dev/null PYTHONNOUSERSITE=1 "$place/bin/python" "$(echo "$1"/wheels/pip-*.whl)/pip" install --quiet \
            --no-cache-dir --no-input --no-index --find-links "$1/wheels" --only-binary :all: --no-deps --require-hashes \
            --disable-pip-version-check --root-user-action ignore --requirement "$1/provisioner.txt"
        ln -sfn "provisioners/$2" "$PROGRAM/provisioner.new"
        mv -T "$PROGRAM/provisioner.new" "$PROGRAM/provisioner"
    fi
}

give_folders() {
    mkdir -p "$SETTINGS" "$STATE" "$OWN"
    chown "root:$NAME" "$SETTINGS"
    chmod 0750 "$SETTINGS"
    chown "$NAME:$NAME" "$STATE"
    chmod 0750 "$STATE"
    chmod 0700 "$OWN"
}

put_units() {
    mkdir -p "$UNITS" "$(dirname "$MODULES")"
    for unit in "$1"/*.service "$1"/*.timer "$1"/*.path; do
        cp "$unit" "$UNITS/$(basename "$unit").new"
        mv "$UNITS/$(basename "$unit").new" "$UNITS/$(basename "$unit")"
    done
    cp "$1/dltv-agent.modules" "$MODULES"
    if command -v systemctl >/dev/null; then
        if [ -d /run/systemd/system ]; then
            grep -v '^#' "$MODULES" | while read -r module; do modprobe -q "$module" 2>/dev/null || true; done
            systemctl daemon-reload
            systemctl enable --quiet --now dltv-provision.timer dltv-provision.path
        else
            systemctl enable --quiet dltv-provision.timer dltv-provision.path
        fi
    fi
}

# Programs and units go; settings, identity and reports stay for the next installation.
withdraw() {
    if [ -d /run/systemd/system ] && command -v systemctl >/dev/null; then
        systemctl disable --quiet --now dltv-agent.service dltv-provision.timer dltv-provision.path 2>/dev/null || true
        # What has begun to enrol or to update would go on without its programs, and put some of them back.
        systemctl stop --quiet dltv-enrol.service dltv-provision.service 2>/dev/null || true
    fi
    remove_units
    rm -rf "$PROGRAM"
    rm -f "$MODULES"
}

remove_units() {
    for unit in dltv-agent.service dltv-enrol.service dltv-provision.service dltv-provision.timer dltv-provision.path; do
        rm -f "$UNITS/$unit" "$UNITS/multi-user.target.wants/$unit" "$UNITS/timers.target.wants/$unit"
    done
    if [ -d /run/systemd/system ] && command -v systemctl >/dev/null; then
        systemctl daemon-reload
        # One that was ended amid its work counts as failed, and systemd remembers it by its name.
        systemctl reset-failed 'dltv-*' 2>/dev/null || true
    fi
}

remove_all() {
    if [ -x "$PROGRAM/provisioner/bin/python" ]; then
        "$PROGRAM/provisioner/bin/python" -m provisioning uninstall --yes || echo "dltv-agent: the rest is taken away all the same" >&2
    fi
    withdraw
    rm -rf "$SETTINGS" "$STATE" "$OWN"
    if getent passwd "$NAME" >/dev/null; then userdel "$NAME"; fi
    if getent group "$NAME" >/dev/null; then groupdel "$NAME"; fi
}

# Last, so that half of this file does nothing.
main "$@"
