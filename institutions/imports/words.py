"""Words of Chinese ledgers for certificates, kinds and states, as the values of the register.

A word that is not known gives nothing; the caller keeps the cell and says so.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from governance.workbooks.cells import CellError, folded
from institutions.models import BuildingUse, Category, Kind, OperatingStatus, SubKind

# --- 证照 -------------------------------------------------------------------------------------

_FOUR = {
    "有证有照": (True, True), "证照齐全": (True, True), "两证齐全": (True, True),
    "证照齐备": (True, True), "双证齐全": (True, True), "有照无证": (False, True),
    "无证有照": (False, True), "有证无照": (True, False), "无照有证": (True, False),
    "无证无照": (False, False), "无照无证": (False, False),
}  # fmt: skip
_TOKEN = re.compile(
    r"(?P<no>未取得|未办理|未领取|未办|没有|尚未|无|缺|未)"
    r"|(?P<yes>已取得|已办理|已领取|已办|持有|具有|取得|有)"
    r"|(?P<licence>(?:民办学校)?办学许可证?|许可证|设立审核表|办学资质|证(?!照|件))"
    r"|(?P<registration>营业执照|工商执照|执照|民办非企业单位登记证书?|民非登记证书?|法人登记证?"
    r"|登记证书?|工商登记|民政登记|照)"
)
_IN_PROCESS = re.compile(r"办理中|正在办理|审批中|申办中")


@dataclass(frozen=True)
class Certs:
    """Whether the right to run a school (证) and the legal person (照) are there; None: unsaid."""

    licence: bool | None = None
    registration: bool | None = None


@lru_cache(maxsize=4_096)
def certs(words: str) -> Certs:
    """What a ledger says about certificates; `CellError("contradiction")` when it says both."""
    text = folded(words)
    found: dict[str, set[bool]] = {"licence": set(), "registration": set()}
    for four, (licence, registration) in _FOUR.items():
        if four in text:
            found["licence"].add(licence)
            found["registration"].add(registration)
            text = text.replace(four, "")
    if not _IN_PROCESS.search(text):
        for what, there in clauses(text):
            found[what].add(there)
    if any(len(said) > 1 for said in found.values()):
        raise CellError("contradiction", _("The cell says of one certificate both yes and no."))
    return Certs(*(next(iter(said), None) for said in found.values()))


def section_certs(title: str) -> Certs | None:
    """Of a title inside the table: only the fixed four-sign words say something."""
    found = [value for four, value in _FOUR.items() if four in folded(title)]
    return Certs(*found[0]) if len(set(found)) == 1 else None


def unnumbered(title: str) -> str:
    """二、城关镇(12家) → 城关镇."""
    bare = re.sub(
        r"^(?:[一二三四五六七八九十\d]+[、.]|\([一二三四五六七八九十\d]+\))", "", folded(title)
    )
    return re.sub(r"\(.*\)|[:].*", "", bare)


def clauses(text: str) -> list[tuple[str, bool]]:
    """(licence | registration, there) in order; a negation reaches over 和 to the next word."""
    said, found = None, []
    for token in _TOKEN.finditer(text):
        if token.lastgroup in ("no", "yes"):
            said = token.lastgroup == "yes"
        elif said is not None and token.lastgroup:
            found.append((token.lastgroup, said))
    return found


# --- kinds and states -------------------------------------------------------------------------

# In this order; a word that was understood is taken away before the next is looked for.
_CATEGORIES = (
    (r"非学科类?", Category.OTHER),
    (r"学科类?|文化课|文化类|语文|数学|英语|外语|物理|化学", Category.SUBJECT),
    (r"文化艺术类?|艺术类?|美术|书法|音乐|舞蹈|戏剧|表演", Category.ARTS),
    (r"体育类?|球类|游泳|武术|跆拳道|棋类", Category.SPORT),
    (r"科技类?|科学技术|科创|编程|机器人", Category.SCITECH),
    (r"职业技能类?|劳动技能类?|职业培训|技能培训|职业类", Category.VOCATIONAL),
    (r"其他类?", Category.OTHER),
    (r"待鉴别", Category.UNCLEAR),
)
_KINDS = ((r"托管|托辅|晚托|午托", Kind.AFTERCARE), (r"幼儿园|托育", Kind.KINDERGARTEN),
          (r"^(?:中小学|小学|初中|高中|中学|普通学校)$", Kind.SCHOOL))  # fmt: skip
_STATES = (
    (r"注销", OperatingStatus.DEREGISTERED),
    (r"失联|联系不上", OperatingStatus.LOST_CONTACT),
    (r"未复课|未复学|未开班", OperatingStatus.NOT_RESUMED),
    (r"拟关闭|拟注销|拟终止|拟停办|清退中|正在关闭", OperatingStatus.CLOSING),
    (r"关停|关闭|取缔|停办|终止|已撤销", OperatingStatus.CLOSED),
    (r"停业|暂停|歇业|整顿", OperatingStatus.SUSPENDED),
    (r"正常|营业|在营|运营|在办|开办|经营", OperatingStatus.OPERATING),
)
_STAGES = (
    (r"学前|幼儿|3[-—~至]6岁", "PRE"),
    (r"小学|中小学|义务教育", "PRIMARY"),
    (r"初中|中学|中小学|义务教育", "JUNIOR"),
    (r"高中|中学|中小学", "SENIOR"),
)
_SUB_KINDS = (
    (r"音乐|声乐|器乐|钢琴|古筝|吉他|小提琴|架子鼓", SubKind.MUSIC),
    (r"美术|绘画|素描|国画", SubKind.FINE_ART),
    (r"书法", SubKind.CALLIGRAPHY),
    (r"舞蹈|街舞|芭蕾", SubKind.DANCE),
    (r"戏剧|表演", SubKind.DRAMA),
    (r"设计", SubKind.DESIGN),
    (r"体能|体适能", SubKind.FITNESS),
    (r"球类|篮球|足球|排球|网球|乒乓|羽毛球", SubKind.BALL),
    (r"游泳", SubKind.SWIMMING),
    (r"体操", SubKind.GYMNASTICS),
    (r"武术|搏击|跆拳道|散打", SubKind.MARTIAL_ARTS),
    (r"棋", SubKind.CHESS),
    (r"机器人", SubKind.ROBOTICS),
    (r"编程", SubKind.PROGRAMMING),
    (r"创客", SubKind.MAKER),
    (r"道德与法治|思想品德", SubKind.MORALITY_LAW),
    (r"语文", SubKind.CHINESE),
    (r"历史", SubKind.HISTORY),
    (r"地理", SubKind.GEOGRAPHY),
    (r"数学", SubKind.MATHEMATICS),
    (r"外语|英语|日语|法语|俄语", SubKind.FOREIGN_LANGUAGE),
    (r"物理", SubKind.PHYSICS),
    (r"(?<!文)化学", SubKind.CHEMISTRY),
    (r"生物", SubKind.BIOLOGY),
    (r"其他|其它", SubKind.OTHER),
)
_BUILDINGS = (
    (r"半地下", BuildingUse.SEMI_BASEMENT),
    (r"地下", BuildingUse.BASEMENT),
    (r"住宅|居民楼|民房|自建房", BuildingUse.HOME),
    (r"厂房|工业", BuildingUse.FACTORY),
    (r"仓库|仓储", BuildingUse.STORE),
    (r"临时|简易|违章|违法建筑", BuildingUse.TEMPORARY),
    (r"商业|商铺|商用|门面|商住", BuildingUse.COMMERCIAL),
    (r"办公|写字楼", BuildingUse.OFFICE),
    (r"教育|教学|科教|校舍", BuildingUse.EDUCATION),
    (r"其他|其它", BuildingUse.OTHER),
)
# 处理 in one word is the end of an institution; longer sentences are measures and stay words.
_ENDS = {
    "注销": OperatingStatus.DEREGISTERED, "已注销": OperatingStatus.DEREGISTERED,
    "取缔": OperatingStatus.CLOSED, "已取缔": OperatingStatus.CLOSED,
    "关停": OperatingStatus.CLOSED, "已关停": OperatingStatus.CLOSED,
    "关闭": OperatingStatus.CLOSED, "已关闭": OperatingStatus.CLOSED,
    "永久关闭": OperatingStatus.CLOSED,
}  # fmt: skip


def kind(words: str) -> tuple[str, list[str]] | None:
    """(kind, categories) of a 类别 cell; None when no word of it is known."""
    text = folded(words)
    special = next((value for pattern, value in _KINDS if re.search(pattern, text)), None)
    if special:
        return special, []
    found = categories(words)
    return (str(Kind.TRAINING), found) if found else None


def categories(words: str) -> list[str] | None:
    text, found = folded(words), []
    for pattern, value in _CATEGORIES:
        if re.search(pattern, text):
            text = re.sub(pattern, "", text)
            found.append(str(value))
    return sorted(set(found)) or None


def sub_kinds(words: str) -> list[str] | None:
    """What is taught, as far as its words are known: 钢琴、舞蹈."""
    text = folded(words)
    return [str(value) for pattern, value in _SUB_KINDS if re.search(pattern, text)] or None


def operating_status(words: str) -> str | None:
    text = folded(words)
    return next((str(value) for pattern, value in _STATES if re.search(pattern, text)), None)


def building_use(words: str) -> str | None:
    text = folded(words)
    return next((str(value) for pattern, value in _BUILDINGS if re.search(pattern, text)), None)


def end(words: str) -> str | None:
    """The state after a one-word decision (注销, 取缔 …), else None."""
    found = _ENDS.get(folded(words))
    return str(found) if found else None


def stages(words: str) -> list[str] | None:
    text = folded(words)
    return [value for pattern, value in _STAGES if re.search(pattern, text)] or None


def mode(words: str) -> str | None:
    text = folded(words)
    online, offline = "线上" in text or "网络" in text, "线下" in text or "面授" in text
    if online == offline:
        return None  # neither, or both: one row holds one form
    return "ONLINE" if online else "OFFLINE"


def profit_nature(words: str) -> str | None:
    text = folded(words)
    if re.search(r"非营利|非盈利|公益|民非|民办非企业", text):
        return "NON_PROFIT"
    return "FOR_PROFIT" if re.search(r"营利|盈利|公司|企业|个体", text) else None


def yes_or_no(words: str) -> bool | None:
    text = folded(words).lower()
    if text in ("是", "能", "可", "可以", "具备", "符合", "y", "yes", "√", "有"):
        return True
    if text in ("否", "不能", "不可", "不可以", "不具备", "不符合", "n", "no", "×", "x", "无"):
        return False
    return None


# --- departments ------------------------------------------------------------------------------

_DEPARTMENTS = (
    (r"教育|教体|教科|教委", "EDU"), (r"人社|人力资源", "HRSS"), (r"民政", "CIVIL"),
    (r"市场监管|市监|工商|行政审批|市场监督", "SAMR"), (r"文旅|文化|文广", "CULTURE"),
    (r"体育", "SPORT"), (r"科技|科学技术", "SCI"),
)  # fmt: skip


def department_kind(words: str) -> str | None:
    text = folded(words)
    return next((kind_ for pattern, kind_ in _DEPARTMENTS if re.search(pattern, text)), None)


# --- names ------------------------------------------------------------------------------------

_NAMELESS = re.compile(
    r"无名(?:称|字)?(?:的?(?:培训)?(?:机构|学校|培训班|托管班|辅导班|班))?(?:\(.*\))?|(?:无|没有)(?:招牌|校名|店名|名)(?:\(.*\))?"
)
_NO_LETTERS = re.compile(r"[\W_]+")
_BRACKETS = re.compile(r"\([^()]*\)")
_LEGAL_FORM = re.compile(r"(?:股份)?有限(?:责任)?公司$|有限责任公司|有限公司")


def nameless(words: str) -> bool:
    return bool(_NAMELESS.fullmatch(folded(words)))


def core(words: str) -> str:
    """A name without what is in brackets and without its legal form: where two spellings meet."""
    text = _BRACKETS.sub("", folded(words)).casefold()
    return _NO_LETTERS.sub("", _LEGAL_FORM.sub("", text))
