
# What dpkg calls: this file after all of provisioning/linux/setup.sh but its last line.
BUNDLE=/usr/share/dltv-agent/bundle.zip

maintain() {
    script=$1
    shift
    case $script-${1:-} in
        postinst-configure)
            work=$(mktemp -d)
            trap 'rm -rf "$work"' EXIT
            "$PYTHON" -m zipfile -e "$BUNDLE" "$work"
            install_bundle "$work" "$BUNDLE"
            ;;
        prerm-remove) withdraw ;;
        postrm-purge) remove_all ;;
    esac
}
