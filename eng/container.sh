#!/usr/bin/env bash
# Tries docs/deployment.md's container as far as it goes without a container runtime and without a registry: the SDK makes the image as a file, on a base that is served from loopback;
# what is in it is run as its user, without any right, from files it can't write, with its socket in a folder as the page makes it. Needs root, for the folder and the user.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
chmod 755 "$folder"
pids=()
trap 'for one in "${pids[@]}"; do kill "$one" 2>/dev/null || true; done; rm -rf "$folder"' EXIT
python3 eng/registry.py >"$folder/port" &
pids+=($!)
for _ in $(seq 1200); do [ -s "$folder/port" ] && break; sleep 0.05; done
dotnet publish samples/Observed -t:PublishContainer -p:ContainerRepository=observed -p:ContainerBaseImage="localhost:$(cat "$folder/port")/base:1" -p:ContainerArchiveOutputPath="$folder/observed.tar.gz" -v quiet --nologo
mkdir "$folder/image" "$folder/root"
tar -xf "$folder/observed.tar.gz" -C "$folder/image"
python3 - "$folder/image" "$folder/root" <<'EOF'
import json, os, sys, tarfile
image, root = sys.argv[1:]
described = json.load(open(os.path.join(image, "manifest.json")))[0]
config = json.load(open(os.path.join(image, described["Config"])))["config"]
for layer in described["Layers"]:
    with tarfile.open(os.path.join(image, layer)) as files:
        files.extractall(root, filter="fully_trusted")
print("user", config["User"], "in", config["WorkingDir"], "runs", " ".join(config.get("Entrypoint") or config["Cmd"]))
if config["User"] in ("", "0", "root"):
    sys.exit("the image runs as root")
open(os.path.join(root, "run"), "w").write(" ".join(config.get("Entrypoint") or config["Cmd"]))
EOF
user=1654 group=$(getent group postfix | cut -d: -f3)
sockets=$folder/spool
install -d -o "$user" -g postfix -m 2750 "$sockets"
chmod -R a+rX,go-w "$folder/root"
cd "$folder/root/app"
Milter__Listen=unix:$sockets/observed.sock ASPNETCORE_URLS=http://127.0.0.1:0 DOTNET_CLI_HOME=/nonexistent HOME=/nonexistent \
    setpriv --reuid "$user" --regid "$group" --clear-groups --no-new-privs --bounding-set=-all $(sed 's# /app/# ./#' "$folder/root/run") >"$folder/log" 2>&1 &
pids+=($!)
for _ in $(seq 1200); do [ -S "$sockets/observed.sock" ] && break; sleep 0.05; done
[ -S "$sockets/observed.sock" ] || { cat "$folder/log"; exit 1; }
stat -c 'socket: mode %a, user %u, group %G' "$sockets/observed.sock"
python3 - "$sockets/observed.sock" "$group" <<'EOF'
import os, pwd, socket, sys
def tries(name, user, group):
    child = os.fork()
    if child == 0:
        os.setgroups([]); os.setgid(group); os.setuid(user)
        try:
            socket.socket(socket.AF_UNIX).connect(sys.argv[1])
        except PermissionError:
            os._exit(1)
        os._exit(0)
    came = os.waitpid(child, 0)[1] == 0
    print(name, "comes in" if came else "stays out")
    return came
postfix = tries("postfix", pwd.getpwnam("postfix").pw_uid, int(sys.argv[2]))
nobody = tries("nobody", 65534, 65534)
sys.exit(not postfix or nobody)
EOF
kill -TERM "${pids[-1]}"
wait "${pids[-1]}" && echo "ended by SIGTERM with 0"
[ ! -e "$sockets/observed.sock" ]
