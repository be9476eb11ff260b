"""Personal data: masked by default, shown in full only as an audited act with a reason.

The masks are for names, numbers and addresses of natural persons (PIPL §25, GIR §15); names of
institutions are public and pass unmasked.
"""

import re

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import audit, subjects
from governance.models.people import Membership, Role
from governance.private_fields import is_private
from governance.scoping import Duty, DutyMissing, require
from governance.workflow import Refused

STAR = "*"
COMPOUND_SURNAMES = (
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 长孙 宇文 司徒 夏侯 轩辕 端木 百里 呼延 "
    "南宫 西门 独孤 澹台 申屠 闻人 赫连 淳于 单于 太叔 钟离 公冶 濮阳 第五 万俟 拓跋"
)
# Names of places in a row, province to township. A road, a number or a building ends the row, and
# 小区 and 市场 are no places of this kind: what stands from there on finds a door.
_WORD = r"[^\s\d路巷号栋楼弄街]{1,10}?"
_PLACE = re.compile(
    rf"(?:{_WORD}(?:省|自治区|特别行政区))?"
    rf"(?:{_WORD}(?:自治州|地区|盟|市(?!场)))?"
    rf"(?:{_WORD}(?:县(?!府|城)|(?<![小社校园厂])区|旗|市(?!场)))?"
    rf"(?:{_WORD}(?:街道|镇|乡|苏木))?"
)

REVEAL = Duty(
    code="privacy.reveal",
    label=gettext_lazy("See personal data in full"),
    roles=frozenset({Role.CLERK, Role.OFFICER, Role.LEADER, Role.LEGAL_REVIEWER, Role.WINDOW}),
)


def mask_name(name: str) -> str:
    """The surname and stars: 王*, 欧阳**, 古丽·***, J*** S****."""
    name = (name or "").strip()
    if "·" in name:
        first, rest = name.split("·", 1)
        return f"{_head(first)}·{STAR * len(rest)}"
    if name.isascii():
        return " ".join(_head(word) for word in name.split())
    return _head(name, 2 if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else 1)


def mask_phone(phone: str) -> str:
    """138****5678; of a shorter or landline number the middle is hidden alike."""
    return _middle(phone, first=3, last=4)


def mask_id(number: str) -> str:
    """A resident id, passport or permit: three characters in front, two at the end."""
    return _middle(number, first=3, last=2)


def mask_account(number: str) -> str:
    """A bank account: the last four digits."""
    return _middle(number, first=0, last=4)


def mask_address(address: str) -> str:
    """Down to the township; what follows is hidden whole, whatever its length."""
    address = (address or "").strip()
    known = _PLACE.match(address)
    kept = known.group(0) if known else ""
    if not kept:
        return _head(address)
    return kept if kept == address else kept + STAR * 3


def _head(text: str, shown: int = 1) -> str:
    shown = min(shown, max(len(text) - 1, 0))
    return text[:shown] + STAR * (len(text) - shown)


def _middle(text: str, *, first: int, last: int) -> str:
    """Of eleven characters and more at least a third is hidden, of fewer at least half."""
    text = "".join((text or "").split())
    room = len(text) // 2 if len(text) < 11 else len(text) * 2 // 3
    last = min(last, room)
    first = min(first, room - last)
    return text[:first] + STAR * (len(text) - first - last) + text[len(text) - last :]


MASKS = {
    "name": mask_name,
    "phone": mask_phone,
    "id": mask_id,
    "account": mask_account,
    "address": mask_address,
}


@transaction.atomic
def reveal(subject: models.Model, field: str, *, by: Membership, reason: str) -> str:
    """The full value of a private field of a row in the actor's scope, once, and on record.

    Raises `DutyMissing` for administrators, partners and institutions, and when the row is not the
    actor's to see; `Refused` without a reason.
    """
    require(by, REVEAL)
    if not subjects.sees(by, subject):
        raise DutyMissing(REVEAL)
    if not is_private(type(subject), field):
        raise ValueError(f"{field} is not a private field")
    if len(reason.strip()) < 2:
        raise Refused(_("Say why you need to see this."))
    audit.record(audit.Verb.PRIVATE_REVEALED, subject, by=by, field=field, reason=reason.strip())
    return str(getattr(subject, field) or "")
