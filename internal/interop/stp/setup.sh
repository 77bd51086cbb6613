#!/bin/bash
# The Debian packages that `make interop-stp` needs; root, under 20 s.
set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get -q update
apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends \
	user-mode-linux kmod iproute2 osmo-stp tcpdump tshark
