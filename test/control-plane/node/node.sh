#!/bin/sh
# The real node of one plane: containerd and a kubelet, in a PID and a mount namespace of their own, so that the end of
# the first process is the end of all of them and of all they mounted. Started as
#   node.sh FOLDER KUBELET CONTAINERD CGROUP_PROCS_FILE...
# and, once these files name it, as the namespaces' first process with nothing but the first three.
set -eu
folder=$1 kubelet=$2 containerd=$3
shift 3
own=/var/lib/rig-real

if [ $# -gt 0 ]; then
  for members in "$@"; do echo $$ >"$members"; done
  exec unshare --mount --pid --fork --kill-child -- /bin/sh "$0" "$folder" "$kubelet" "$containerd"
fi

# Read before /proc is this namespace's: there this process is 1.
read -r pid _ </proc/self/stat
echo "$pid" >"$folder/init.new"
mv "$folder/init.new" "$folder/init"

# Nothing of the machine's /run, /var and kernel settings is seen, and nothing of its root filesystem can be written.
# From inside the folder, because it may itself be in /run or /var.
cd "$folder"
mount --bind "$kubelet" "$folder/var/lib/rig-real/kubelet"
mount --no-canonicalize --bind run /run
mount --no-canonicalize --rbind var /var
# For volumes that ask for mount propagation.
mount --make-rshared /run
mount --make-rshared /var
mount -o remount,bind,ro /
mount -t proc proc /proc
for value in "$own"/kernel/*; do
  setting=/proc/sys/$(basename "$value" | tr . /)
  [ ! -e "$setting" ] || mount --bind "$value" "$setting"
done

cd /
TMPDIR=/var/tmp "$containerd" --config "$own/containerd.toml" >>"$own/containerd.log" 2>&1 &
while ! [ -S /run/containerd/containerd.sock ]; do
  kill -0 $! || exit 1
  sleep 0.05
done
# With the kubelet everything ends. In the foreground, so that this shell goes on collecting what others leave behind.
TMPDIR=/var/tmp "$own/kubelet" \
  --config="$own/kubelet.yaml" \
  --kubeconfig="$own/kubeconfig.yaml" \
  --hostname-override=rig-real \
  --cloud-provider=external \
  --root-dir=/var/lib/kubelet \
  --cert-dir=/var/lib/kubelet/pki \
  >>"$own/kubelet.log" 2>&1
