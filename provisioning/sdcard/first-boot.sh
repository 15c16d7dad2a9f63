#!/bin/sh
# First start from a prepared SD card: installs the agent from the card itself, and lets it enrol as soon as the hub answers.
# Nothing of this stays on the card. The code that stands in the slip is good once: after that, it is of no use to anybody.
set -eu

main() {
    card=$(dirname "$(readlink -f "$0")")
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    python3 -m zipfile -e "$card/bundle.zip" "$work/bundle"
    sh "$work/bundle/linux/setup.sh" install "$card/bundle.zip"
    umask 077
    cp "$card/slip.toml" /etc/dltv-agent/enrolment
    systemctl enable --quiet dltv-enrol.service
    # It is on the disk before it leaves the card.
    sync
    rm -rf "$card"
    systemctl start --no-block dltv-enrol.service || true
}

# Last, so that half of this file does nothing.
main "$@"
