#!/bin/sh
# Installs what some tests need, from Debian's packages, and nothing beside it (CONTRIBUTING.md, "What some tests
# need"): all of it, or the parts that are named: node, browser, shells, arm64. Needs root. Neither starts nor enables a
# service: the tests start a containerd of their own.
set -eu

node="containerd runc containernetworking-plugins busybox-static"
browser="chromium fonts-dejavu-core"
shells="bash bash-completion zsh fish groff-base"
arm64="qemu-user libc6-arm64-cross libstdc++6-arm64-cross libatomic1-arm64-cross"

die() {
  echo "error: $*" >&2
  exit 1
}

is_installed() {
  dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed
}

packages=""
if [ $# = 0 ]; then
  set -- node browser shells
  # Debian has these for the machines that most people have; on arm64 itself they would be of no use.
  [ "$(dpkg --print-architecture)" != amd64 ] || set -- "$@" arm64
fi
for part in "$@"; do
  case "$part" in
    node) packages="$packages $node" ;;
    browser) packages="$packages $browser" ;;
    shells) packages="$packages $shells" ;;
    arm64) packages="$packages $arm64" ;;
    *) die "there is no part $part; there are: node, browser, shells, arm64" ;;
  esac
done

missing=""
for package in $packages; do
  is_installed "$package" || missing="$missing $package"
done
if [ -z "$missing" ]; then
  echo "installed:$packages"
  exit 0
fi

command -v apt-get >/dev/null || die "this needs Debian's apt-get; elsewhere install$missing by other means"
[ "$(id -u)" = 0 ] || die "installing$missing needs root"

# What Debian's packages ask before they start a service; made only where nobody has said anything yet.
policy=/usr/sbin/policy-rc.d
made_policy=no
if [ ! -e "$policy" ] && [ ! -L "$policy" ]; then
  trap '[ $made_policy = no ] || rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM HUP
  made_policy=yes
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

export DEBIAN_FRONTEND=noninteractive
apt_get() {
  apt-get --quiet --option DPkg::Lock::Timeout=120 "$@"
}
apt_get update
# Debian's containerd and Docker's exclude each other: rather none than in place of somebody's.
# shellcheck disable=SC2086 # one argument a package
apt_get install --yes --no-install-recommends --no-remove $missing

case "$missing" in
  *" containerd"*)
    if command -v systemctl >/dev/null; then systemctl disable --quiet containerd.service || true; fi
    ;;
esac
echo "installed:$packages"
