"""The demo county's password and what is printed about its accounts."""

import os
import secrets
from collections.abc import Mapping

from launcher.layout import Home

# No characters that are read wrongly from a projector.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
ACCOUNTS = {
    "edu_clerk": "教体局办事员   education bureau, clerk",
    "edu_leader": "教体局局领导   education bureau, leader",
    "edu_window": "教体局窗口     education bureau, service window",
    "edu_legal": "教体局法制审核 education bureau, legal reviewer",
    "samr_officer": "市场监管局     market supervision, officer",
    "civil_officer": "民政局         civil affairs, officer",
    "hrss_officer": "人社局         human resources, officer",
    "town_chengguan": "城关街道       township of Chengguan, officer",
    "town_heshan": "河山镇         township of Heshan, officer",
    "auditor": "审计           auditor",
    "sysadmin": "系统管理员     system administrator",
    "security_admin": "安全管理员     security administrator",
    "inst_demo": "培训机构       an institution's own view (/my/)",
}


def demo_password(home: Home, env: Mapping[str, str]) -> str:
    """The given password, else the one made at the first start and kept with the keys."""
    if given := env.get("MINGSHU_DEMO_PASSWORD"):
        return given
    path = home.keys / "demo_password"
    if not path.exists():
        made = "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(made)
    return path.read_text().strip()


def banner(address: str, password: str | None) -> str:
    """What the last lines of the start say; no accounts when the database is not a demo one."""
    lines = ["", f"  Mingshu 明塾 is running: {address}", ""]
    if password is not None:
        lines += [
            "  Demo county 明川县 (fictional). Every account has the password",
            "",
            f"      {password}",
            "",
            *(f"      {name:<16}{who}" for name, who in ACCOUNTS.items()),
            "",
            f"  Sign in at {address}/accounts/login/ ; the public side is {address}/",
        ]
    return "\n".join([*lines, "  Stop with Ctrl-C.", ""])
