"""The unified credit code (统一社会信用代码, GB 32100-2015), or the word that it is on its way."""

import re
import unicodedata

from django.utils.translation import gettext as _
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

from governance.workflow import Refused

PENDING = {"办理中", "正在办理", "是", "在办", "pending"}
NOTHING = {"", "无", "暂无", "-", "—", "/", "没有", "none"}
_DIVIDERS = re.compile(r"[\s\-—_.·]+")


class BadCreditCode(Refused):
    """The code cannot be one; the message says why."""

    code = "bad_credit_code"


def parse(text: str) -> tuple[str, bool]:
    """(code, whether it is still being issued) of what somebody wrote; raises `BadCreditCode`.

    Full-width signs, blanks and hyphens are levelled; `办理中` (and its kin) means pending.
    """
    plain = unicodedata.normalize("NFKC", text or "").strip()
    if plain.lower() in NOTHING:
        return "", False
    if plain.lower() in PENDING:
        return "", True
    return check(_DIVIDERS.sub("", plain).upper()), False


def check(code: str) -> str:
    """The code itself when its length, signs and check sign are right; else `BadCreditCode`."""
    try:
        return str(uscc.validate(code))
    except InvalidLength as error:
        sentence = _("A unified credit code has 18 characters, %(code)s has %(count)s.")
        raise BadCreditCode(sentence % {"code": code, "count": len(code)}) from error
    except InvalidChecksum as error:
        sentence = _("The last character of %(code)s does not match: a digit was misread.")
        raise BadCreditCode(sentence % {"code": code}) from error
    except ValidationError as error:
        sentence = _("%(code)s has signs that do not occur in a unified credit code.")
        raise BadCreditCode(sentence % {"code": code}) from error
