#!/bin/sh
# Raspberry Pi OS runs this once, as its Imager would have it (systemd.run= in cmdline.txt), and starts again afterwards.
set -u

main() {
    boot=$(dirname "$(readlink -f "$0")")
    # Whatever happens, the next start is an ordinary one.
    sed -i 's| systemd.run.*||' "$boot/cmdline.txt"
    if [ -f "$boot/dltv/wifi" ] && [ -x /usr/lib/raspberrypi-sys-mods/imager_custom ]; then
        # Three lines: name, key, country.
        { read -r name && read -r key && read -r country; } <"$boot/dltv/wifi"
        /usr/lib/raspberrypi-sys-mods/imager_custom set_wlan "$name" "$key" "$country"
    fi
    rm -f "$boot/firstrun.sh" "$boot/user-data" "$boot/meta-data" "$boot/network-config" "$boot/dltv/wifi"
    sh "$boot/dltv/first-boot.sh"
}

# Last, so that half of this file does nothing.
main "$@"
