#!/bin/bash
# A host for the steps of the guide, in its own namespaces of mounts and of the host name: its /etc and /run are copies.
# Its variables: TOOLS, the folder of the packages; NAME; READY, a file that is written when the host is ready.
set -euo pipefail
hostname "$NAME"
mount -t tmpfs -o mode=755 tmpfs /mnt
cp -a /etc /mnt/etc
rm -rf /mnt/etc/keepalived
mkdir -p /mnt/etc/keepalived /mnt/etc/systemd/system
mount --bind /mnt/etc /etc
echo > "$READY"
mount -t tmpfs -o mode=755 tmpfs /run
exec sleep infinity
