"""The composed installation: no default secret, the right locale, one image for three roles."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from launcher.servers import LOCALE

ROOT = Path(__file__).resolve().parent.parent.parent
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSED = yaml.safe_load(TEXT)
SERVICES = COMPOSED["services"]
SECRET = re.compile(r"\$\{(\w*(?:PASSWORD|SECRET|KEYS?))\b([^}]*)\}")
MAIL = "MINGSHU_EMAIL_PASSWORD"  # a relay inside the network may ask for none


def test_every_role_is_there_with_a_health_check():
    long_running = {"postgres", "redis", "web", "worker", "beat", "proxy"}
    assert set(SERVICES) == long_running | {"setup"}
    assert all("healthcheck" in SERVICES[name] for name in long_running)


def test_no_secret_has_a_default():
    for name in _names() - {MAIL}:
        rests = {rest for found, rest in SECRET.findall(TEXT) if found == name}
        assert any(rest.startswith(":?") for rest in rests), name
        assert not any(rest.startswith((":-", "-")) for rest in rests), name


def _names():
    return {name for name, _rest in SECRET.findall(TEXT)}


def test_the_example_names_every_variable_and_holds_no_secret():
    example = (ROOT / ".env.example").read_text()
    named = dict(re.findall(r"^(?:# )?(\w+)=(.*)$", example, re.M))
    used = set(re.findall(r"\$\{(\w+)", TEXT)) - {"MINGSHU_VERSION"}
    assert used <= set(named)
    assert not any(named[name] for name in _names())


def test_postgres_gets_the_locale_that_search_needs():
    given = SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    assert set(LOCALE) <= set(given)
    assert SERVICES["postgres"]["image"].startswith("postgres:18")


def test_the_three_roles_share_image_and_attachments():
    roles = [SERVICES[name] for name in ("web", "worker", "beat")]
    assert len({role["image"] for role in roles}) == 1
    assert all("state:/var/lib/mingshu" in role["volumes"] for role in roles)
    assert [role["command"] for role in roles] == [["web"], ["worker"], ["beat"]]


def test_only_the_set_up_owns_tables_and_writes_keys():
    for name in ("web", "worker", "beat"):
        assert "mingshu_app:" in SERVICES[name]["environment"]["DATABASE_URL"]
        assert "keys:/var/lib/mingshu-keys:ro" in SERVICES[name]["volumes"]
    assert "mingshu_owner:" in SERVICES["setup"]["environment"]["DATABASE_URL"]


def test_only_the_proxy_is_reached_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


@pytest.mark.parametrize("script", ["deploy/entrypoint.sh", "deploy/postgres/10-roles.sh"])
def test_scripts_are_executable_and_parse(script):
    assert (ROOT / script).stat().st_mode & 0o111
    subprocess.run(["sh", "-n", ROOT / script], check=True)


def test_the_image_holds_what_the_settings_install():
    """A new app must be let through `.dockerignore`."""
    let_through = set(re.findall(r"^!(\w+)$", (ROOT / ".dockerignore").read_text(), re.M))
    apps = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"launcher", "tests"}
    assert apps <= let_through
