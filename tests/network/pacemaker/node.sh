#!/bin/bash
# A node with corosync and Pacemaker, in its own namespaces of mounts, of the host name and of shared memory.
# Its variables: TOOLS, the folder of the packages; FILES, whose content replaces or adds to that of /; NAME.
set -euo pipefail
hostname "$NAME"
mount -t tmpfs -o mode=755 tmpfs /mnt
mkdir -p /mnt/usr/{upper,work}
# The packages are laid over the system: these programs have fixed paths.
cp -a "$TOOLS/lib" /mnt/usr/upper/lib
cp -a "$FILES/usr/." /mnt/usr/upper/
mount -t overlay overlay -o "lowerdir=$TOOLS/usr:/usr,upperdir=/mnt/usr/upper,workdir=/mnt/usr/work" /usr
cp -a /etc /mnt/etc
cp -a "$TOOLS/etc/." "$FILES/etc/." /mnt/etc/
echo 'hacluster:x:189:189::/var/lib/pacemaker:/bin/false' >> /mnt/etc/passwd
echo 'haclient:x:189:' >> /mnt/etc/group
mount --bind /mnt/etc /etc
mount -t tmpfs -o mode=755 tmpfs /run
for folder in /var/lib /var/log /dev/shm; do mount -t tmpfs -o mode=1777 tmpfs "$folder"; done
mkdir -p /var/lib/{corosync,pacemaker/{blackbox,cib,cores,pengine},pcsd} /var/log/{corosync,pacemaker,pcsd}
chown -R hacluster:haclient /var/lib/pacemaker
corosync -f &
until corosync-quorumtool > /dev/null 2>&1 || [ $? = 2 ]; do kill -0 $!; sleep 0.1; done
exec pacemakerd -f
