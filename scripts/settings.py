"""Print the settings in force: `python -m scripts.settings gateway [--config FILE]`."""

import argparse
import json
import os
import sys

from provider.settings.in_force import in_force
from provider.settings.upstream import read_base_url
from scripts.config_file import told
from scripts.editions import EDITIONS, with_config
from scripts.serving import path
from wire.errors import ConfigurationError


def main() -> int:
    """Print them as JSON; return 1 if one of them makes no sense."""
    parser = argparse.ArgumentParser(prog="settings", description=__doc__)
    parser.add_argument("edition", choices=EDITIONS)
    parser.add_argument("--config", type=path, help="settings, see config/")
    options = parser.parse_args()
    edition = EDITIONS[options.edition]
    try:
        environ = with_config(os.environ, options.config)
        sources = edition.sources(environ)
        # One that cannot be used is not shown: it may hold a password.
        read_base_url(edition.base_url, sources)
        shown = in_force(sources, edition.provider.settings, edition.key(environ))
    except (ConfigurationError, ValueError) as error:
        print(told(error, options.config), file=sys.stderr)
        return 1
    print(json.dumps(shown, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
