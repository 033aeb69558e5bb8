"""nginx in front of the upstream: what a proxy of the usual kind adds."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.addresses import free_port
from scripts.bench.servers import Target, serve

# One process, as wasmtime's server is one; all that it writes is in its own directory.
_CONFIG = """\
daemon off;
master_process off;
pid {home}/nginx.pid;
error_log stderr error;
worker_rlimit_nofile 16384;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  client_body_temp_path {home}/body;
  proxy_temp_path {home}/proxy;
  fastcgi_temp_path {home}/fastcgi;
  uwsgi_temp_path {home}/uwsgi;
  scgi_temp_path {home}/scgi;
  server {{
    listen 127.0.0.1:{port} backlog=1024;
    location / {{
      proxy_pass http://127.0.0.1:{upstream};
      proxy_http_version 1.1;
      proxy_buffering off;
    }}
  }}
}}
"""


def find_nginx() -> str | None:
    """Return nginx's path, or None where it is not installed."""
    # Debian's is in a directory that only root has in its PATH.
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@contextmanager
def serve_nginx(binary: str, upstream: Target, logs: Path) -> Iterator[Target]:
    """Run nginx in front of the upstream."""
    home, port = logs / "nginx", free_port()
    home.mkdir()
    config = home / "nginx.conf"
    config.write_text(_CONFIG.format(home=home, port=port, upstream=upstream.port))
    command = [binary, "-p", str(home), "-e", "stderr", "-c", str(config)]
    with serve(command, dict(os.environ), port, logs / "nginx.log") as pid:
        yield Target("nginx", port, pid)
