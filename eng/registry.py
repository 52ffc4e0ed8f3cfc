#!/usr/bin/env python3
"""A registry of container images on loopback with one image, base:1: an empty layer, and the user that .NET's images have. Prints its port. For eng/container.sh, where no registry can be reached."""
import gzip
import hashlib
import http.server
import io
import json
import tarfile

layer = io.BytesIO()
tarfile.open(fileobj=layer, mode="w").close()
blob = gzip.compress(layer.getvalue(), mtime=0)


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


config = json.dumps({
    "architecture": "amd64", "os": "linux", "created": "2026-01-01T00:00:00Z",
    "config": {"User": "1654", "Env": ["PATH=/usr/bin", "APP_UID=1654", "DOTNET_RUNNING_IN_CONTAINER=true", "DOTNET_VERSION=10.0.0", "ASPNET_VERSION=10.0.0"]},
    "rootfs": {"type": "layers", "diff_ids": [digest(layer.getvalue())]}, "history": [{"created": "2026-01-01T00:00:00Z"}],
}).encode()
KIND = "application/vnd.docker.distribution.manifest.v2+json"
manifest = json.dumps({
    "schemaVersion": 2, "mediaType": KIND,
    "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": len(config), "digest": digest(config)},
    "layers": [{"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "size": len(blob), "digest": digest(blob)}],
}).encode()
CONTENT = {digest(config): config, digest(blob): blob}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path.split("?")[0].rsplit("/", 1)[-1]
        data, kind = (manifest, KIND) if "/manifests/" in self.path else (CONTENT.get(name, b""), "application/octet-stream")
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Docker-Content-Digest", digest(data))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data)

    do_HEAD = do_GET

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
