"""Invented names, addresses and numbers with valid check digits."""

from random import Random

from stdnum.cn import uscc

STEMS = [
    "晨光", "星河", "云帆", "启明", "青禾", "知行", "博雅", "弘文", "新芽", "育林", "翰墨", "凌云",
    "墨香", "思齐", "明德", "致远", "朝阳", "蓝鲸", "橙子", "小海豚", "向日葵", "七彩", "金钥匙",
    "松果", "白鹭", "雏鹰", "春晖", "雨桐", "艺彩", "飞扬", "律动", "乐童", "锦程", "文渊", "立学",
    "慧雅", "格物", "乐知", "若谷", "鹿鸣", "听松", "星火", "沐阳", "扬帆", "苗苗", "蒲公英",
    "红杉", "竹韵", "梧桐", "望舒",
]  # fmt: skip
TRADES = {
    "SUBJECT": ["文化培训学校", "教育培训中心", "培训学校"],
    "ARTS": ["艺术培训学校", "舞蹈艺术中心", "美术书法培训中心", "音乐培训学校"],
    "SPORT": ["体育俱乐部", "跆拳道馆", "篮球训练中心", "棋院"],
    "SCITECH": ["机器人科技中心", "少儿编程培训中心", "科创培训学校"],
    "OTHER": ["研学实践中心", "口才培训中心"],
    "VOCATIONAL": ["职业技能培训学校", "职业培训中心"],
    "CARE": ["托管中心", "午托之家"],
}
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
GIVEN = [
    "文博",
    "雅琴",
    "志远",
    "晓梅",
    "建军",
    "丽华",
    "思敏",
    "国平",
    "海燕",
    "佳宁",
    "明亮",
    "秀英",
]
STREETS = [
    "文昌路",
    "人民路",
    "育才街",
    "明德路",
    "滨河路",
    "建设街",
    "书院巷",
    "学府路",
    "朝阳街",
    "环城路",
]
PLACES = ["", "", "2号楼1层", "商贸城3层", "文化广场A座2层", "沿街商铺", "社区服务中心2层"]
FIRST_TWO = {"company": "91", "nonprofit": "52"}


class Names:
    """A stream of names from one random source; no two institutions are called the same."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.used: set[str] = set()
        self.serial = 0

    def institution(self, township: str, trade: str) -> str:
        """A full name such as 明川县清溪晨光艺术培训学校."""
        place = township.rstrip("街道镇乡")
        while True:
            stem, end = self.random.choice(STEMS), self.random.choice(TRADES[trade])
            name = f"明川县{place}{stem}{end}"
            if name not in self.used:
                self.used.add(name)
                return name

    def person(self) -> str:
        return self.random.choice(SURNAMES) + self.random.choice(GIVEN)

    def phone(self) -> str:
        """A number of the range that is not given out."""
        return f"1990000{self.random.randrange(10_000):04}"

    def address(self, township: str) -> str:
        street, place = self.random.choice(STREETS), self.random.choice(PLACES)
        return f"明川县{township}{street}{self.random.randrange(1, 280)}号{place}"

    def credit_code(self, kind: str) -> str:
        """A code of the fictional county with the right check character (GB 32100)."""
        self.serial += 1
        body = f"{FIRST_TWO[kind]}990121MA{self.serial:07d}"
        return body + uscc.calc_check_digit(body)

    def licence_number(self) -> str:
        self.serial += 1
        return f"教民9901217{self.serial:06d}号"
