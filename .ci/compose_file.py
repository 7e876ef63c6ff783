"""What docker-compose.yml must say, read without a docker engine: its parts, their order and health, and no secret."""

import re
import sys
from pathlib import Path

import yaml

PARTS = {"postgres", "redis", "migrate", "web", "worker", "beat"}
SECRETS = re.compile(r"PASSWORD|SECRET|_URL$")
TOP = Path(__file__).resolve().parent.parent


def faults() -> list[str]:
    services = yaml.safe_load((TOP / "docker-compose.yml").read_text())["services"]
    found = [f"no service {name}" for name in sorted(PARTS - services.keys())]
    for name, service in services.items():
        found += [
            f"{name} waits for {other}, which is not there"
            for other in service.get("depends_on", {})
            if other not in services
        ]
        found += [f"{name} names no image and no build"] * ("image" not in service and "build" not in service)
        for key, value in service.get("environment", {}).items():
            if SECRETS.search(key) and re.search(r"://[^$@/]*:[^$@/]+@", str(value)):
                found.append(f"{name}: {key} holds a password")
            if re.search(r"PASSWORD|SECRET", key) and not str(value).startswith("${"):
                found.append(f"{name}: {key} is not taken from the environment")
    found += [
        f"{name} has no health check"
        for name in ("postgres", "redis", "web", "worker")
        if "healthcheck" not in services[name]
    ]
    return found


if __name__ == "__main__":
    sys.exit("\n".join(faults()) or 0)
