#!/bin/sh
# Installs the agent of a school from the hub of its district, and from nowhere else. To read it first:
#
#   curl -fsSk --pinnedpubkey '@KEY_PIN@' @HUB@/install.sh | less
#
# The key that curl is told to ask for is what makes this script trustworthy; it in turn knows the checksums of all that it fetches.
#
#   install.sh CODE          install, and enrol with the code of the slip
#   install.sh               install again over what is there; an enrolled computer stays enrolled
#   install.sh --uninstall   take everything away
set -eu

HUB='@HUB@'
KEY_PIN='@KEY_PIN@'
ROOT_PIN='@ROOT_PIN@'
VERSION='@VERSION@'
# One line a kind of computer: its name, and the SHA-256 of its bundle.
BUNDLES='
@BUNDLES@
'
PROGRAM=/opt/dltv-agent
NEEDED='import sys, venv, zipfile, ssl, sqlite3; sys.exit(sys.version_info < (3, 11))'
PLATFORM='
import platform, sys
name = {"arm64": "aarch64", "amd64": "x86_64", "armv8l": "armv7l"}.get(platform.machine().lower(), platform.machine().lower())
print("armv7l" if name == "aarch64" and sys.maxsize < 2**32 else name)
'

fail() {
    echo "install.sh: $*" >&2
    exit 2
}

main() {
    code=${1:-}
    case $code in
        --uninstall) uninstall ;;
        -*) fail "say CODE as on the slip, or --uninstall" ;;
    esac
    require
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    trap 'exit 130' HUP INT TERM
    fetch "$folder"
    sh "$folder/bundle/linux/setup.sh" install "$folder/bundle.zip"
    enrol
}

uninstall() {
    [ "$(id -u)" -eq 0 ] || fail "this must be run by root: put sudo before sh"
    if [ -f "$PROGRAM/setup.sh" ]; then sh "$PROGRAM/setup.sh" remove; fi
    echo "nothing of the agent is left"
    exit 0
}

require() {
    [ "$(id -u)" -eq 0 ] || fail "this must be run by root: put sudo before sh"
    [ "$(uname -s)" = Linux ] || fail "this is for Linux; for Windows there is $HUB/install.ps1"
    command -v curl >/dev/null || fail "curl is missing: apt-get install curl"
    if ! /usr/bin/python3 -c "$NEEDED" 2>/dev/null; then
        fail "Python 3.11 or newer is missing: use Debian 12, Raspberry Pi OS of 2023, or newer, and apt-get install python3"
    fi
    if [ -z "$code" ] && [ ! -e /var/lib/dltv-agent/identity ]; then
        fail "say the code of the slip: … | sudo sh -s -- ABCD-EFGH-…"
    fi
}

fetch() {
    platform=$(/usr/bin/python3 -c "$PLATFORM")
    sum=$(echo "$BUNDLES" | sed -n "s/^$platform //p")
    [ -n "$sum" ] || fail "the hub has no bundle for this kind of computer ($platform): tell the district office"
    echo "fetching release $VERSION for $platform from $HUB"
    curl --fail --silent --show-error --proto '=https' --insecure --pinnedpubkey "$KEY_PIN" \
        --retry 5 --retry-all-errors --connect-timeout 20 \
        --output "$1/bundle.zip" "$HUB/bundle/$VERSION/$platform.zip" || fail "the hub could not be reached; try again later"
    echo "$sum  $1/bundle.zip" | sha256sum --check --status || fail "what came is not what the hub promised; try again"
    /usr/bin/python3 -m zipfile -e "$1/bundle.zip" "$1/bundle"
}

enrol() {
    if [ -n "$code" ]; then
        echo "$code" | "$PROGRAM/provisioner/bin/python" -m provisioning enrol --hub "$HUB" --pin "$ROOT_PIN" --code -
    fi
    echo "the agent is installed; to take it away: sudo sh $PROGRAM/setup.sh remove"
}

# Last, so that half of this file does nothing.
main "$@"
