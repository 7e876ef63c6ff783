#!/usr/bin/env python
"""Django's command line; where the services are embedded, this process is their owner for its own time."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from config import embedded

    try:
        with embedded.where_asked_for():
            execute_from_command_line(sys.argv)
    except (embedded.EmbeddedError, ImproperlyConfigured) as fault:
        sys.exit(f"manage.py: {fault}")


if __name__ == "__main__":
    main()
